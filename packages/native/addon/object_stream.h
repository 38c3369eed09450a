#pragma once

#include <cstdint>
#include <objbase.h>
#include <vector>

namespace callfactory {

//! CoMarshalInterface, MSHLFLAGS_NORMAL for this machine, into an OBJREF. Apartment thread.
HRESULT MarshalToBytes(
    const IID& iid, IUnknown* object, std::vector<std::uint8_t>& objref) noexcept;

//! CoUnmarshalInterface for `iid` (AddRef'd into `pointer`). Apartment thread.
HRESULT UnmarshalFromBytes(
    const std::vector<std::uint8_t>& objref, const IID& iid, void** pointer) noexcept;

} // namespace callfactory
