#pragma once

#include "value_walk.h"

namespace callfactory {

//! Most bytes of one array: a count from JavaScript must not exhaust memory.
constexpr std::uint64_t kMaxArrayBytes = 1u << 30;

//! Zeroed memory that either side of a call may free with CoTaskMemFree; null when there is none.
void* AllocateZeroed(std::uint64_t size_bytes) noexcept;

//! Gives up (Release) what an interface pointer at rest is: an ObjectRef*. Any thread.
void ReleaseAtRest(void* object) noexcept;

//! Frees the values of one call with everything that hangs on them, each block once.
//!
//! Pointers are null afterwards where their memory is not the freer's to give up. Interface
//! pointers must be at rest, in the form of ObjectRef*. Any thread.
class ValueFreer final : ValueVisitor {
public:
    ValueFreer() noexcept = default;
    ValueFreer(const ValueFreer&) = delete;
    ValueFreer& operator=(const ValueFreer&) = delete;
    //! Frees what pointers led to, all at once: counts stand in it until then.
    ~ValueFreer();

    void Free(const Scope& scope, const TypeNode& type, void* place) noexcept
    {
        walk_.Walk(scope, type, place);
    }
    //! Frees the block behind a pointer that is no value itself.
    void FreeBlock(void* block) noexcept { blocks_.push_back(block); }

private:
    void OnInterface(const TypeNode&, const IID&, void** place) noexcept override;
    void OnMemory(const TypeNode& type, void** place) noexcept override;

    ValueWalk walk_{ *this, WalkFor::kMemory };
    std::vector<void*> blocks_;
};

} // namespace callfactory
