#pragma once

#include <cstdint>
#include <windows.h>

namespace callfactory {

//! CreateEventW without a name; the handle is the caller's to close.
HRESULT STDAPICALLTYPE CreateOwnEvent(
    BOOL manual_reset, BOOL signaled, std::uint64_t* handle) noexcept;

//! DuplicateHandle within the process; the copy is the caller's to close.
HRESULT STDAPICALLTYPE DuplicateAnyHandle(std::uint64_t source, std::uint64_t* handle) noexcept;

//! CloseHandle; E_HANDLE for one that neither of the two has made (SYNC-14).
HRESULT STDAPICALLTYPE CloseOwnHandle(std::uint64_t handle) noexcept;

} // namespace callfactory
