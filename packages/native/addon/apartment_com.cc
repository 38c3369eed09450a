#include "apartment_membership.h"
#include "apartment_thread.h"

#include <mutex>

// How the ordered thread of an apartment enters COM and leaves it, as its caller likes.

namespace callfactory {

namespace {

//! How long a thread that leaves COM waits for the workers beside it.
constexpr DWORD kDismissalMs = 1000;

//! True also on a thread that is in the MTA without a word of its own (APT-21).
bool IsThreadInCom() noexcept
{
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;
    return SUCCEEDED(CoGetApartmentType(&type, &qualifier));
}

} // namespace

HRESULT Apartment::EnterCom(DWORD flags) noexcept
{
    const HRESULT hr = CoInitializeEx(nullptr, flags);
    if (FAILED(hr) || initializations_++ != 0)
        return hr;
    const bool is_sta = (flags & COINIT_APARTMENTTHREADED) != 0;
    std::lock_guard guard(lock_);
    kind_ = is_sta ? ApartmentKind::kSta : ApartmentKind::kMta;
    wakes_by_event_ = is_sta;
    return hr;
}

void Apartment::LeaveCom() noexcept
{
    if (initializations_ == 0)
        return;
    if (initializations_ == 1) {
        // What they lead to may be unloaded.
        while (DisconnectResidents()) { }
    }
    if (--initializations_ == 0)
        DismissWorkers();
    CoUninitialize();
}

void Apartment::BalanceCom() noexcept
{
    while (initializations_ != 0) {
        initializations_--;
        CoUninitialize();
    }
}

//! Sees idle workers off, who would keep the MTA alive; waits a moment for them.
void Apartment::DismissWorkers() noexcept
{
    const ULONGLONG due_ms = GetTickCount64() + kDismissalMs;
    std::lock_guard guard(lock_);
    leaving_workers_ = idle_workers_;
    WakeAllConditionVariable(&worker_wake_);
    while (leaving_workers_ != 0) {
        const ULONGLONG now_ms = GetTickCount64();
        if (now_ms >= due_ms)
            return;
        lock_.Sleep(changed_, static_cast<DWORD>(due_ms - now_ms));
    }
}

//! Runs what may run on a thread that is in COM, or else abandons it (APT-02).
void Apartment::RunTask(Task* task) noexcept
{
    if (initializations_ != 0 || task->RunsOutsideCom() || IsThreadInCom())
        task->Run();
    else
        task->Abandon(CO_E_NOTINITIALIZED);
}

} // namespace callfactory
