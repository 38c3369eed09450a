#pragma once

#include "type_table.h"

namespace callfactory {

constexpr std::uint32_t AlignUp(std::uint32_t value, std::uint32_t alignment) noexcept
{
    return (value + alignment - 1) / alignment * alignment;
}

//! False when nobody could provide the memory of a parameter: an [out] one whose size nothing says
//! before the call (IDL-12).
bool CanLayOut(const MethodSignature& method) noexcept;

//! Decides how each parameter travels and where its storage lies.
void PlaceParams(MethodSignature& method) noexcept;

} // namespace callfactory
