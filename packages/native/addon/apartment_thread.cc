#include "apartment_thread.h"

#include <mutex>
#include <system_error>
#include <thread>

namespace callfactory {

namespace {

//! Synchronous calls of one MTA that may block at the same time; more of them queue up.
constexpr unsigned kMaxWorkers = 16;

thread_local const Apartment* current_apartment = nullptr;

//! Keeps a thread in an apartment while it lives.
class ThreadMembership {
public:
    ThreadMembership(const Apartment& apartment, DWORD flags) noexcept
        : hr_(CoInitializeEx(nullptr, flags))
    {
        current_apartment = &apartment;
    }
    ~ThreadMembership()
    {
        current_apartment = nullptr;
        if (SUCCEEDED(hr_))
            CoUninitialize();
    }
    HRESULT hr() const noexcept { return hr_; }

private:
    HRESULT hr_;
    Counted<&Counters::threads> counted_;
};

//! False when the system has no more threads.
template <class F> bool StartThread(F&& run) noexcept
{
    try {
        std::thread(std::forward<F>(run)).detach();
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

} // namespace

Apartment::Apartment(ApartmentKind kind) noexcept
    : kind_(kind)
{
    if (kind == ApartmentKind::kSta)
        sta_wake_ = CreateEventW(nullptr, FALSE, FALSE, nullptr);
}

Apartment::~Apartment()
{
    if (sta_wake_ != nullptr)
        CloseHandle(sta_wake_);
}

void Apartment::Start(Task* opened) noexcept
{
    if (StartThread([self = shared_from_this(), opened] { self->RunOrdered(opened); }))
        return;
    {
        std::lock_guard guard(lock_);
        stopping_ = closed_ = ended_ = true;
    }
    opened->Abandon(E_OUTOFMEMORY);
}

void Apartment::Post(Task* task) noexcept
{
    {
        std::lock_guard guard(lock_);
        if (!stopping_) {
            ordered_.Push(task);
            WakeLocked();
            return;
        }
    }
    task->Abandon(RPC_E_DISCONNECTED);
}

void Apartment::PostBlocking(Task* task) noexcept
{
    if (kind_ == ApartmentKind::kSta)
        return Post(task);
    bool spawn = false;
    {
        std::lock_guard guard(lock_);
        if (!stopping_) {
            blocking_.Push(task);
            task = nullptr;
            waiting_calls_++;
            spawn = waiting_calls_ > idle_workers_ && workers_ < kMaxWorkers;
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
    }
}

bool Apartment::IsCurrent() const noexcept { return current_apartment == this; }

bool Apartment::SharesPointersWith(const Apartment& other) const noexcept
{
    return this == &other || (kind_ == ApartmentKind::kMta && other.kind_ == ApartmentKind::kMta);
}

void Apartment::WakeLocked() noexcept
{
    if (!asleep_)
        return;
    asleep_ = false;
    if (sta_wake_ != nullptr)
        SetEvent(sta_wake_);
    else
        WakeConditionVariable(&ordered_wake_);
}

void Apartment::RunOrdered(Task* opened) noexcept
{
    const DWORD flags
        = kind_ == ApartmentKind::kSta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED;
    {
        ThreadMembership membership(*this, flags);
        if (FAILED(membership.hr())) {
            opened->Abandon(membership.hr());
            std::lock_guard guard(lock_);
            stopping_ = true;
        } else {
            opened->Run();
        }
        for (;;) {
            TaskList batch;
            {
                std::lock_guard guard(lock_);
                batch = ordered_.Take();
                if (batch.empty() && stopping_)
                    break;
                asleep_ = batch.empty();
            }
            if (batch.empty())
                AwaitWork();
            while (Task* task = batch.Pop())
                task->Run();
        }
        Shut();
    }
    Task* ended = nullptr;
    {
        std::lock_guard guard(lock_);
        ended_ = true;
        std::swap(ended, ended_task_);
        WakeAllConditionVariable(&changed_);
    }
    if (ended != nullptr)
        ended->Run();
}

//! Sleeps until there is work or, in an STA, a message; dispatches messages.
void Apartment::AwaitWork() noexcept
{
    if (kind_ == ApartmentKind::kMta) {
        std::lock_guard guard(lock_);
        while (asleep_)
            lock_.Sleep(ordered_wake_);
        return;
    }
    MsgWaitForMultipleObjectsEx(1, &sta_wake_, INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    MSG message;
    while (PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
        TranslateMessage(&message);
        DispatchMessageW(&message);
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
            } else if (stopping_) {
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
