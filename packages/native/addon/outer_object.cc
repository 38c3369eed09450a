#include "outer_object.h"

#include "hresult.h"

#include <mutex>

namespace callfactory {

OuterObject::~OuterObject()
{
    if (event_ != nullptr)
        CloseHandle(event_);
}

void OuterObject::Forget() noexcept
{
    std::lock_guard guard(lock_);
    listener_ = nullptr;
}

bool OuterObject::signaled() noexcept
{
    std::lock_guard guard(lock_);
    return signaled_;
}

HRESULT OuterObject::QueryInterface(REFIID iid, void** object) noexcept
{
    RETURN_HR_IF(E_POINTER, object == nullptr);
    *object = nullptr;
    if (iid == __uuidof(IUnknown) || iid == __uuidof(ISynchronize))
        *object = static_cast<ISynchronize*>(this);
    else if (iid == __uuidof(ISynchronizeHandle))
        *object = static_cast<ISynchronizeHandle*>(this);
    else
        return inner_ ? inner_->QueryInterface(iid, object) : E_NOINTERFACE;
    AddRef();
    return S_OK;
}

ULONG OuterObject::AddRef() noexcept
{
    return references_.fetch_add(1, std::memory_order_relaxed) + 1;
}

ULONG OuterObject::Release() noexcept
{
    const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left != 0)
        return left;
    // The inner object may query and release its controlling unknown while it goes.
    references_.store(1, std::memory_order_relaxed);
    inner_.reset();
    delete this;
    return 0;
}

//! Most calls are never waited for, and an event costs more than a whole call.
HRESULT OuterObject::EnsureEvent(HANDLE& event) noexcept
{
    std::lock_guard guard(lock_);
    if (event_ == nullptr)
        event_ = CreateEventW(nullptr, TRUE, signaled_, nullptr);
    event = event_;
    return event == nullptr ? LastErrorHresult() : S_OK;
}

HRESULT OuterObject::Wait(DWORD flags, DWORD timeout_ms) noexcept
{
    if (signaled())
        return S_OK;
    if (timeout_ms == 0)
        return RPC_S_CALLPENDING;
    HANDLE event = nullptr;
    RETURN_IF_FAILED(EnsureEvent(event));
    DWORD index = 0;
    return CoWaitForMultipleHandles(flags, timeout_ms, 1, &event, &index);
}

HRESULT OuterObject::Signal() noexcept
{
    SignalListener* listener = nullptr;
    {
        std::lock_guard guard(lock_);
        signaled_ = true;
        if (event_ != nullptr)
            SetEvent(event_);
        if (listener_ != nullptr && listener_->TryAddRef())
            listener = listener_;
    }
    // The synchronization comes first, our own work after it (SYNC-26).
    if (hooks_)
        hooks_->Signal();
    if (listener != nullptr) {
        listener->OnSignal();
        listener->Release();
    }
    return S_OK;
}

HRESULT OuterObject::Reset() noexcept
{
    if (hooks_)
        RETURN_IF_FAILED(hooks_->Reset());
    ResetOwn();
    return S_OK;
}

void OuterObject::ResetOwn() noexcept
{
    std::lock_guard guard(lock_);
    signaled_ = false;
    if (event_ != nullptr)
        ResetEvent(event_);
}

HRESULT OuterObject::GetHandle(HANDLE* handle) noexcept
{
    RETURN_HR_IF(E_POINTER, handle == nullptr);
    *handle = nullptr;
    return EnsureEvent(*handle);
}

} // namespace callfactory
