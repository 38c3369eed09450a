#include "apartment_membership.h"
#include "apartment_thread.h"

#include <iterator>
#include <mutex>

// How a thread of COM waits for what JavaScript makes of a call.

namespace callfactory {

namespace {

//! Waits for any of `handles`: an STA serves the calls that come in meanwhile. The place of the one
//! that is signaled.
DWORD WaitForAny(DWORD count, HANDLE* handles, DWORD timeout_ms = INFINITE) noexcept
{
    DWORD index = 0;
    const HRESULT hr = CoWaitForMultipleHandles(0, timeout_ms, count, handles, &index);
    if (SUCCEEDED(hr))
        return index - WAIT_OBJECT_0;
    if (hr == RPC_S_CALLPENDING)
        return WAIT_TIMEOUT;
    // A thread that has never entered an apartment.
    return WaitForMultipleObjects(count, handles, FALSE, timeout_ms) - WAIT_OBJECT_0;
}

//! How long a worker waits for JavaScript before it makes place for another.
constexpr DWORD kLendAfterMs = 10;

} // namespace

HRESULT Apartment::AwaitReply(HANDLE done) noexcept
{
    if (current_apartment != nullptr && ordered_here)
        return current_apartment->ServeUntil(done, stopped_event_);
    Apartment* const lender = current_apartment;
    HANDLE handles[]
        = { done, stopped_event_, lender == nullptr ? nullptr : lender->stopped_event_ };
    const DWORD count = lender == nullptr || lender == this ? 2 : 3;
    DWORD index = WaitForAny(count, handles, lender == nullptr ? INFINITE : kLendAfterMs);
    if (index == WAIT_TIMEOUT) {
        lender->LendWorker(true);
        index = WaitForAny(count, handles);
        lender->LendWorker(false);
    }
    return index == 0 ? S_OK : RPC_E_DISCONNECTED;
}

//! Does the ordered work while it waits: what JavaScript does in the call comes this way, too.
HRESULT Apartment::ServeUntil(HANDLE done, HANDLE home_stopped) noexcept
{
    for (;;) {
        if (WaitForSingleObject(done, 0) == WAIT_OBJECT_0)
            return S_OK;
        if (Task* task = NextTask()) {
            task->Run();
            continue;
        }
        {
            std::lock_guard guard(lock_);
            if (!ordered_.empty())
                continue;
            if (stopping_)
                return RPC_E_DISCONNECTED;
            asleep_ = wakes_by_event_ = true;
        }
        HANDLE handles[] = { done, home_stopped, wake_event_ };
        const DWORD index = WaitForAny(static_cast<DWORD>(std::size(handles)), handles);
        {
            std::lock_guard guard(lock_);
            asleep_ = false;
            wakes_by_event_ = kind_ == ApartmentKind::kSta;
        }
        if (index == 1)
            return RPC_E_DISCONNECTED;
    }
}

} // namespace callfactory
