#include "apartment_thread.h"

#include <mutex>
#include <utility>

// The end of an apartment: calls end first, then every pointer goes, then CoUninitialize may run.

namespace callfactory {

void Apartment::Stop(Task* ended) noexcept
{
    TaskList not_started;
    {
        std::lock_guard guard(lock_);
        if (ended_task_ == nullptr && !ended_)
            std::swap(ended_task_, ended);
        stopping_ = true;
        SetEvent(stopped_event_);
        not_started = blocking_.Take();
        waiting_calls_ = 0;
        WakeLocked();
        WakeAllConditionVariable(&worker_wake_);
    }
    while (Task* task = not_started.Pop())
        task->Abandon(RPC_E_DISCONNECTED);
    if (ended != nullptr)
        ended->Abandon(S_FALSE);
}

bool Apartment::WaitUntilEnded(DWORD timeout_ms) noexcept
{
    const ULONGLONG due_ms = GetTickCount64() + timeout_ms;
    std::lock_guard guard(lock_);
    while (!ended_) {
        const ULONGLONG now_ms = GetTickCount64();
        if (now_ms >= due_ms)
            return false;
        lock_.Sleep(changed_, static_cast<DWORD>(due_ms - now_ms));
    }
    return true;
}

void Apartment::AwaitWorkers() noexcept
{
    std::lock_guard guard(lock_);
    WakeAllConditionVariable(&worker_wake_);
    while (workers_ != 0)
        lock_.Sleep(changed_);
}

//! Disconnects one resident; false when there is none left.
bool Apartment::DisconnectResidents() noexcept
{
    Resident* resident = nullptr;
    {
        std::lock_guard guard(lock_);
        resident = residents_;
        while (resident != nullptr && !resident->TryAddRef())
            resident = resident->following_;
        if (resident == nullptr)
            return false;
        Unlink(resident);
    }
    resident->Disconnect();
    resident->Release();
    return true;
}

void Apartment::Shut() noexcept
{
    AwaitWorkers();
    for (;;) {
        while (DisconnectResidents()) { }
        TaskList rest;
        {
            std::lock_guard guard(lock_);
            rest = ordered_.Take();
            // A resident whose last reference has just gone is still listed until Retire, on its
            // way here from another thread, has queued it.
            closed_ = rest.empty() && residents_ == nullptr;
            if (closed_)
                return;
        }
        while (Task* task = rest.Pop())
            task->Abandon(RPC_E_DISCONNECTED);
        SwitchToThread();
    }
}

} // namespace callfactory
