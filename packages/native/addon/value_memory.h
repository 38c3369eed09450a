#pragma once

#include "type_table.h"

#include <cstddef>
#include <cstdint>

namespace callfactory {

class ObjectRef;

//! Most bytes of one array: a count from JavaScript must not exhaust memory.
constexpr std::uint64_t kMaxArrayBytes = 1u << 30;

//! Zeroed memory that either side of a call may free with CoTaskMemFree; null when there is none.
void* AllocateZeroed(std::uint64_t size_bytes) noexcept;

//! Elements of the array `type`, whose conformant extent is `count`.
inline std::uint64_t ElementCount(const TypeNode& type, std::uint32_t count) noexcept
{
    return type.length == kNone ? count : static_cast<std::uint32_t>(type.length);
}

//! Bytes behind a pointer to `type`.
inline std::uint64_t TargetBytes(
    const MethodSignature& method, const TypeNode& type, std::uint32_t count) noexcept
{
    if (type.kind != TypeKind::kArray)
        return type.size_bytes;
    return ElementCount(type, count) * method.node(type.target).size_bytes;
}

//! Frees everything that hangs on the value at `place`, and zeroes the pointers to it.
//!
//! Interface pointers must be in the form of ObjectRef*. Any thread.
void FreeValue(
    const MethodSignature& method, const TypeNode& type, void* place, std::uint32_t count) noexcept;

//! Called for the place of an interface pointer.
class InterfaceVisitor {
public:
    virtual void Visit(const TypeNode& type, void** place) noexcept = 0;

protected:
    ~InterfaceVisitor() = default;
};

//! Visits every interface pointer that is not null in the value at `place`.
void VisitInterfaces(const MethodSignature& method, const TypeNode& type, void* place,
    std::uint32_t count, InterfaceVisitor& visitor) noexcept;

} // namespace callfactory
