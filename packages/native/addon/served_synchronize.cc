#include "served_synchronize.h"

#include "hresult.h"

#include <mutex>

namespace callfactory {

ServedSynchronize::~ServedSynchronize()
{
    if (event_ != nullptr)
        CloseHandle(event_);
}

//! Call objects of clients that aggregate them are never waited for here.
HRESULT ServedSynchronize::EnsureEvent(HANDLE& event) noexcept
{
    std::lock_guard guard(lock_);
    if (event_ == nullptr)
        event_ = CreateEventW(nullptr, TRUE, signaled_, nullptr);
    event = event_;
    return event == nullptr ? LastErrorHresult() : S_OK;
}

HRESULT ServedSynchronize::Wait(DWORD flags, DWORD timeout_ms) noexcept
{
    HANDLE event = nullptr;
    RETURN_IF_FAILED(EnsureEvent(event));
    if (timeout_ms == 0)
        return WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ? S_OK : RPC_S_CALLPENDING;
    DWORD index = 0;
    return CoWaitForMultipleHandles(flags, timeout_ms, 1, &event, &index);
}

HRESULT ServedSynchronize::Signal() noexcept
{
    std::lock_guard guard(lock_);
    signaled_ = true;
    if (event_ != nullptr)
        SetEvent(event_);
    return S_OK;
}

HRESULT ServedSynchronize::Reset() noexcept
{
    std::lock_guard guard(lock_);
    signaled_ = false;
    if (event_ != nullptr)
        ResetEvent(event_);
    return S_OK;
}

HRESULT ServedSynchronize::GetHandle(HANDLE* handle) noexcept
{
    RETURN_HR_IF(E_POINTER, handle == nullptr);
    *handle = nullptr;
    return EnsureEvent(*handle);
}

} // namespace callfactory
