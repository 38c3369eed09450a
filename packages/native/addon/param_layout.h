#pragma once

#include "type_table.h"

namespace callfactory {

constexpr std::uint32_t AlignUp(std::uint32_t value, std::uint32_t alignment) noexcept
{
    return (value + alignment - 1) / alignment * alignment;
}

//! False when a parameter cannot be called with: a conformant array may stand behind a parameter
//! only, not behind a pointer inside one.
bool CanLayOut(const MethodSignature& method) noexcept;

//! Decides how each parameter travels and where its storage lies.
void PlaceParams(MethodSignature& method) noexcept;

} // namespace callfactory
