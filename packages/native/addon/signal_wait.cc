#include "signal_wait.h"

#include "hresult.h"

namespace callfactory {

HRESULT SignalWait::Attach(IUnknown* call) noexcept
{
    com_ptr<ISynchronizeHandle> handle;
    RETURN_IF_FAILED(call->QueryInterface(__uuidof(ISynchronizeHandle), handle.put_void()));
    return handle->GetHandle(&event_);
}

HRESULT SignalWait::Arm(OuterObject* outer) noexcept
{
    Disarm();
    outer_ = com_ptr<OuterObject>(outer);
    if (RegisterWaitForSingleObject(
            &wait_, event_, &OnSignaled, this, INFINITE, WT_EXECUTEONLYONCE))
        return S_OK;
    wait_ = nullptr;
    outer_.reset();
    return LastErrorHresult();
}

void SignalWait::Disarm() noexcept
{
    if (wait_ != nullptr)
        UnregisterWaitEx(wait_, INVALID_HANDLE_VALUE);
    wait_ = nullptr;
    outer_.reset();
}

void CALLBACK SignalWait::OnSignaled(void* context, BOOLEAN) noexcept
{
    static_cast<SignalWait*>(context)->outer_->Signal();
}

} // namespace callfactory
