#include "thread_messages.h"

#include "hresult.h"

#include <algorithm>
#include <objbase.h>

namespace callfactory {

namespace {

//! As many as a queue of Windows holds.
constexpr std::size_t kMaxKept = 10000;

bool IsForThread(const MSG& message) noexcept
{
    // Timers without a window call a procedure.
    return message.hwnd == nullptr && message.message != WM_TIMER;
}

HRESULT Describe(const MSG& source, ThreadMessage** message) noexcept
{
    *message = static_cast<ThreadMessage*>(CoTaskMemAlloc(sizeof(ThreadMessage)));
    RETURN_HR_IF(E_OUTOFMEMORY, *message == nullptr);
    **message = { source.message, source.wParam, source.lParam, source.time };
    return S_OK;
}

} // namespace

void ThreadMessages::Pump() noexcept
{
    MSG message;
    while (PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
        if (!IsForThread(message)) {
            TranslateMessage(&message);
            DispatchMessageW(&message);
        } else if (kept_.size() < kMaxKept) {
            kept_.push_back(message);
            kept_new_ = true;
        }
    }
}

HRESULT ThreadMessages::Peek(UINT first, UINT last, UINT remove, ThreadMessage** message) noexcept
{
    *message = nullptr;
    const bool any = first == 0 && last == 0;
    kept_new_ = false;
    const auto found = std::find_if(kept_.begin(), kept_.end(),
        [&](const MSG& each) { return any || (each.message >= first && each.message <= last); });
    if (found != kept_.end()) {
        RETURN_IF_FAILED(Describe(*found, message));
        if ((remove & PM_REMOVE) != 0)
            kept_.erase(found);
        return S_OK;
    }
    MSG fresh;
    // -1: messages to the thread itself, not to its windows.
    const HWND thread = reinterpret_cast<HWND>(static_cast<INT_PTR>(-1));
    return PeekMessageW(&fresh, thread, first, last, remove) ? Describe(fresh, message) : S_OK;
}

DWORD ThreadMessages::Status(UINT flags) noexcept
{
    const DWORD status = GetQueueStatus(flags);
    const DWORD posted = flags & (QS_POSTMESSAGE | QS_ALLPOSTMESSAGE);
    if (kept_.empty())
        return status;
    const DWORD fresh = kept_new_ ? posted : 0;
    kept_new_ = false;
    return status | posted << 16 | fresh;
}

} // namespace callfactory
