#pragma once

#include "type_table.h"

#include <cstdint>

namespace callfactory {

//! Calls the method's slot of a COM object's vtable with kMaxParams eight-byte arguments or fewer.
//!
//! Which of the first three after `this` travel in floating-point registers is the method's
//! double_mask. Returns the lower half of the integer result. Apartment thread of `object`.
std::uint32_t InvokeSlot(
    void* object, const MethodSignature& method, const std::uint64_t* arguments) noexcept;

} // namespace callfactory
