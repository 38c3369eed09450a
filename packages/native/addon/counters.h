#pragma once

#include <atomic>
#include <cstdint>

namespace callfactory {

//! What is alive in this process on the addon's account; tests assert that it goes back to zero.
struct Counters {
    std::atomic<std::int64_t> objects{ 0 };
    std::atomic<std::int64_t> calls{ 0 };
    std::atomic<std::int64_t> outers{ 0 };
    std::atomic<std::int64_t> served{ 0 };
    std::atomic<std::int64_t> buffers{ 0 };
    std::atomic<std::int64_t> tasks{ 0 };
    std::atomic<std::int64_t> threads{ 0 };
    std::atomic<std::int64_t> environments{ 0 };
};

inline Counters counters;

//! Counts the lifetime of whatever holds it.
template <std::atomic<std::int64_t> Counters::*Member> class Counted {
public:
    Counted() noexcept { (counters.*Member).fetch_add(1, std::memory_order_relaxed); }
    Counted(const Counted&) noexcept
        : Counted()
    {
    }
    Counted& operator=(const Counted&) noexcept { return *this; }
    ~Counted() { (counters.*Member).fetch_sub(1, std::memory_order_relaxed); }
};

} // namespace callfactory
