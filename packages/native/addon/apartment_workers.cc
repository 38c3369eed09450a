#include "apartment_membership.h"
#include "apartment_thread.h"

#include <algorithm>
#include <mutex>
#include <new>

// Synchronous calls of an MTA: each on a worker thread, so that they hold nothing else up.

namespace callfactory {

namespace {

//! Synchronous calls of one MTA that may block at the same time; more of them queue up.
constexpr unsigned kMaxWorkers = 16;
//! Those who wait for JavaScript meanwhile are not among them, up to so many.
constexpr unsigned kMaxLentWorkers = 240;

//! A blocking call's way through the ordered thread, behind what was posted before it.
class InOrder final : public Task {
public:
    InOrder(Apartment& apartment, Task* blocking) noexcept
        : apartment_(apartment)
        , blocking_(blocking)
    {
    }
    void Run() noexcept override
    {
        apartment_.RunBlocking(blocking_);
        delete this;
    }
    void Abandon(HRESULT hr) noexcept override
    {
        blocking_->Abandon(hr);
        delete this;
    }

private:
    Apartment& apartment_;
    Task* const blocking_;
};

} // namespace

void Apartment::PostBlocking(Task* task) noexcept
{
    if (kind_ == ApartmentKind::kSta)
        return Post(task);
    bool at_rest = false;
    {
        std::lock_guard guard(lock_);
        at_rest = asleep_ && ordered_.empty();
    }
    // A call must find done what was posted before it, a release above all.
    if (at_rest)
        return RunBlocking(task);
    if (auto* in_order = new (std::nothrow) InOrder(*this, task))
        return Post(in_order);
    task->Abandon(E_OUTOFMEMORY);
}

unsigned Apartment::WorkerLimitLocked() const noexcept
{
    return kMaxWorkers + std::min(lent_workers_, kMaxLentWorkers);
}

//! Hands a call to a worker, to a new one if need be.
void Apartment::RunBlocking(Task* task) noexcept
{
    bool spawn = false;
    {
        std::lock_guard guard(lock_);
        if (!stopping_) {
            blocking_.Push(task);
            task = nullptr;
            waiting_calls_++;
            spawn = waiting_calls_ > idle_workers_ && workers_ < WorkerLimitLocked();
            if (spawn)
                workers_++;
            else
                WakeConditionVariable(&worker_wake_);
        }
    }
    if (task != nullptr)
        return task->Abandon(RPC_E_DISCONNECTED);
    if (spawn && !StartThread([self = shared_from_this()] { self->RunWorker(); })) {
        // Without a single worker the ordered thread has to do what it can.
        std::lock_guard guard(lock_);
        if (--workers_ != 0)
            return;
        while (Task* waiting = blocking_.Pop())
            ordered_.Push(waiting);
        waiting_calls_ = 0;
        WakeLocked();
        WakeAllConditionVariable(&changed_);
    }
}

//! A worker that waits for JavaScript makes place for another: JavaScript may be waiting for that.
void Apartment::LendWorker(bool lend) noexcept
{
    bool spawn = false;
    {
        std::lock_guard guard(lock_);
        if (!lend) {
            lent_workers_--;
            return;
        }
        if (++lent_workers_ > kMaxLentWorkers || stopping_)
            return;
        spawn = waiting_calls_ > idle_workers_ && workers_ < WorkerLimitLocked();
        if (spawn)
            workers_++;
    }
    if (spawn && !StartThread([self = shared_from_this()] { self->RunWorker(); })) {
        std::lock_guard guard(lock_);
        workers_--;
    }
}

void Apartment::RunWorker() noexcept
{
    {
        ThreadMembership membership(*this, COINIT_MULTITHREADED);
        std::unique_lock guard(lock_);
        for (;;) {
            if (Task* task = blocking_.Pop()) {
                waiting_calls_--;
                guard.unlock();
                task->Run();
                guard.lock();
            } else if (stopping_ || workers_ > WorkerLimitLocked()) {
                break;
            } else {
                idle_workers_++;
                lock_.Sleep(worker_wake_);
                idle_workers_--;
            }
        }
    }
    std::lock_guard guard(lock_);
    workers_--;
    WakeAllConditionVariable(&changed_);
}

} // namespace callfactory
