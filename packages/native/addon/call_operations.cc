#include "call_operations.h"

#include "addon_data.h"
#include "hresult.h"

namespace callfactory {

CreateCallOperation::CreateCallOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ObjectRef> object, const IID& async_iid, com_ptr<ObjectRef> hooks) noexcept
    : Operation(std::move(settler), ticket)
    , object_(std::move(object))
    , async_iid_(async_iid)
    , hooks_(std::move(hooks))
{
}

HRESULT CreateCallOperation::Execute() noexcept
{
    RETURN_HR_IF(RPC_E_DISCONNECTED, object_->pointer() == nullptr);
    auto call = make_counted<ClientCall>(object_->apartment().shared_from_this());
    RETURN_HR_IF(E_OUTOFMEMORY, !call);
    IUnknown* const hooks = hooks_ ? hooks_->pointer() : nullptr;
    RETURN_IF_FAILED(call->Create(object_->pointer(), async_iid_, hooks));
    call_ = std::move(call);
    return S_OK;
}

Napi::Value CreateCallOperation::Result(Napi::Env env)
{
    return AddonData::Of(env).WrapCall(env, call_.get());
}

QueryCallOperation::QueryCallOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ClientCall> call, std::shared_ptr<Apartment> apartment, const IID& iid,
    std::uint32_t interface_id) noexcept
    : ObjectOperation(std::move(settler), ticket, std::move(apartment), iid, interface_id)
    , call_(std::move(call))
{
}

HRESULT QueryCallOperation::Obtain(const IID& iid, void** pointer) noexcept
{
    com_ptr<OuterObject> outer;
    RETURN_IF_FAILED(call_->GetOuter(outer));
    return outer->QueryInterface(iid, pointer);
}

CancelOperation::CancelOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ClientCall> call, Kind kind, std::uint32_t cancel_seconds) noexcept
    : Operation(std::move(settler), ticket)
    , call_(std::move(call))
    , kind_(kind)
    , cancel_seconds_(cancel_seconds)
{
}

HRESULT CancelOperation::Execute() noexcept
{
    answer_ = Ask();
    return S_OK;
}

HRESULT CancelOperation::Ask() const noexcept
{
    com_ptr<OuterObject> outer;
    RETURN_IF_FAILED(call_->GetOuter(outer));
    com_ptr<ICancelMethodCalls> cancel;
    RETURN_IF_FAILED(outer->QueryInterface(__uuidof(ICancelMethodCalls), cancel.put_void()));
    return kind_ == Kind::kCancel ? cancel->Cancel(cancel_seconds_) : cancel->TestCancel();
}

Napi::Value CancelOperation::Result(Napi::Env env)
{
    return Napi::Number::New(env, static_cast<std::uint32_t>(answer_));
}

} // namespace callfactory
