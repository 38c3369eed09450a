#pragma once

#include <cstddef>

namespace sanitize {

//! An interface pointer at rest: freed by its only Release.
struct Resting {
    int references = 1;
};

//! A new interface pointer at rest, counted as alive.
Resting* NewResting();

//! Blocks, strings and interface pointers that are alive.
std::size_t Alive();

//! Ends the program, saying why, unless `holds`.
void Expect(bool holds, const char* what);

} // namespace sanitize
