#include "kernel_handles.h"

#include "hresult.h"
#include "srw_lock.h"

#include <mutex>
#include <new>
#include <unordered_set>

namespace callfactory {

namespace {

//! Handles that callers may close; those of synchronization objects are the objects' own (SYNC-14).
SrwLock own_lock;
std::unordered_set<std::uint64_t> own_handles;

HANDLE HandleOf(std::uint64_t number) noexcept { return reinterpret_cast<HANDLE>(number); }

HRESULT GiveAway(HANDLE handle, std::uint64_t* number) noexcept
{
    *number = reinterpret_cast<std::uint64_t>(handle);
    std::lock_guard guard(own_lock);
    own_handles.insert(*number);
    return S_OK;
}

} // namespace

HRESULT STDAPICALLTYPE CreateOwnEvent(
    BOOL manual_reset, BOOL signaled, std::uint64_t* handle) noexcept
{
    const HANDLE event = CreateEventW(nullptr, manual_reset, signaled, nullptr);
    RETURN_HR_IF(LastErrorHresult(), event == nullptr);
    return GiveAway(event, handle);
}

HRESULT STDAPICALLTYPE DuplicateAnyHandle(std::uint64_t source, std::uint64_t* handle) noexcept
{
    HANDLE copy = nullptr;
    const HANDLE process = GetCurrentProcess();
    const BOOL copied = DuplicateHandle(
        process, HandleOf(source), process, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    RETURN_HR_IF(LastErrorHresult(), copied == 0);
    return GiveAway(copy, handle);
}

HRESULT STDAPICALLTYPE CloseOwnHandle(std::uint64_t handle) noexcept
{
    {
        std::lock_guard guard(own_lock);
        RETURN_HR_IF(E_HANDLE, own_handles.erase(handle) == 0);
    }
    return CloseHandle(HandleOf(handle)) != 0 ? S_OK : LastErrorHresult();
}

} // namespace callfactory
