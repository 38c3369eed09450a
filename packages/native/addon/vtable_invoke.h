#pragma once

#include "type_table.h"

#include <cstdint>

namespace callfactory {

//! Calls slot `slot` of a COM object's vtable with up to kMaxParams eight-byte arguments.
//!
//! Bit i of `double_mask` puts argument i (of the first three after `this`) into a floating-point
//! register. Returns the lower half of the integer result. Apartment thread of `object`.
std::uint32_t InvokeSlot(void* object, std::uint32_t slot, const std::uint64_t* arguments,
    std::uint8_t double_mask) noexcept;

} // namespace callfactory
