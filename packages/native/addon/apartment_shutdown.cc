#include "apartment_thread.h"

#include <mutex>
#include <utility>

// The end of an apartment: calls end first, then every pointer goes, then CoUninitialize may run.

namespace callfactory {

void TaskList::Push(Task* task) noexcept
{
    task->next = nullptr;
    (last_ == nullptr ? first_ : last_->next) = task;
    last_ = task;
}

Task* TaskList::Pop() noexcept
{
    Task* const task = first_;
    if (task != nullptr)
        first_ = task->next;
    if (first_ == nullptr)
        last_ = nullptr;
    return task;
}

TaskList TaskList::Take() noexcept { return std::exchange(*this, TaskList()); }

Resident::Resident(std::shared_ptr<Apartment> apartment) noexcept
    : apartment_(std::move(apartment))
{
    apartment_->Link(this);
}

void Resident::Release() noexcept
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
        apartment_->Retire(this);
}

bool Resident::TryAddRef() noexcept
{
    std::uint32_t seen = references_.load(std::memory_order_relaxed);
    while (seen != 0) {
        if (references_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed))
            return true;
    }
    return false;
}

void Apartment::Link(Resident* resident) noexcept
{
    std::lock_guard guard(lock_);
    resident->following_ = residents_;
    if (residents_ != nullptr)
        residents_->previous_ = resident;
    residents_ = resident;
    resident->linked_ = true;
}

//! Takes `resident` off the list. The lock is held.
void Apartment::Unlink(Resident* resident) noexcept
{
    if (!std::exchange(resident->linked_, false))
        return;
    if (resident->following_ != nullptr)
        resident->following_->previous_ = resident->previous_;
    (resident->previous_ == nullptr ? residents_ : resident->previous_->following_)
        = resident->following_;
}

//! Destroys a resident without references: here in its apartment, else through the queue.
void Apartment::Retire(Resident* resident) noexcept
{
    const std::shared_ptr<Apartment> alive = resident->apartment_;
    {
        std::lock_guard guard(lock_);
        Unlink(resident);
        if (!closed_ && !IsCurrent()) {
            ordered_.Push(resident);
            WakeLocked();
            return;
        }
    }
    resident->Abandon(RPC_E_DISCONNECTED);
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
