#include "apartment_thread.h"

#include "apartment_membership.h"

#include <mutex>

namespace callfactory {

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

} // namespace callfactory
