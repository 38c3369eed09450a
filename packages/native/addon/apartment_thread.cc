#include "apartment_thread.h"

#include "apartment_membership.h"

#include <mutex>

namespace callfactory {

namespace {

std::atomic<std::uint32_t> last_id{ 0 };

} // namespace

Apartment::Apartment(ApartmentKind kind, const void* owner) noexcept
    : kind_(kind)
    , owner_(owner)
    , id_(last_id.fetch_add(1, std::memory_order_relaxed) + 1)
    , wake_event_(CreateEventW(nullptr, FALSE, FALSE, nullptr))
    , stopped_event_(CreateEventW(nullptr, TRUE, FALSE, nullptr))
    , wakes_by_event_(kind == ApartmentKind::kSta)
{
}

Apartment::~Apartment()
{
    if (wake_event_ != nullptr)
        CloseHandle(wake_event_);
    if (stopped_event_ != nullptr)
        CloseHandle(stopped_event_);
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
    if (wakes_by_event_)
        SetEvent(wake_event_);
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
        ordered_here = true;
        for (;;) {
            if (Task* task = NextTask()) {
                task->Run();
                continue;
            }
            {
                std::lock_guard guard(lock_);
                if (!ordered_.empty())
                    continue;
                if (stopping_)
                    break;
                asleep_ = true;
            }
            AwaitWork();
        }
        Shut();
        ordered_here = false;
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

//! The next thing to do, in order, also for those who serve it inside a call; null for nothing.
Task* Apartment::NextTask() noexcept
{
    if (Task* task = taken_.Pop())
        return task;
    {
        std::lock_guard guard(lock_);
        taken_ = ordered_.Take();
    }
    return taken_.Pop();
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
    MsgWaitForMultipleObjectsEx(1, &wake_event_, INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    MSG message;
    while (PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
        TranslateMessage(&message);
        DispatchMessageW(&message);
    }
}

} // namespace callfactory
