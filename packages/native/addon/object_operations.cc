#include "object_operations.h"

#include "addon_data.h"
#include "hresult.h"
#include "object_stream.h"

#include <algorithm>

namespace callfactory {

ObjectOperation::ObjectOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    std::shared_ptr<Apartment> apartment, const IID& iid, std::uint32_t interface_id) noexcept
    : Operation(std::move(settler), ticket)
    , apartment_(std::move(apartment))
    , iid_(iid)
    , interface_id_(interface_id)
{
}

HRESULT ObjectOperation::Execute() noexcept
{
    com_ptr<IUnknown> pointer;
    RETURN_IF_FAILED(Obtain(iid_, pointer.put_void()));
    RETURN_HR_IF(E_UNEXPECTED, !pointer);
    result_ = make_counted<ObjectRef>(apartment_, std::move(pointer), iid_, interface_id_);
    return S_OK;
}

Napi::Value ObjectOperation::Result(Napi::Env env)
{
    return AddonData::Of(env).WrapObject(env, result_.get());
}

QueryOperation::QueryOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ObjectRef> object, const IID& iid, std::uint32_t interface_id) noexcept
    : ObjectOperation(
        std::move(settler), ticket, object->apartment().shared_from_this(), iid, interface_id)
    , object_(std::move(object))
{
}

HRESULT QueryOperation::Obtain(const IID& iid, void** pointer) noexcept
{
    RETURN_HR_IF(RPC_E_DISCONNECTED, object_->pointer() == nullptr);
    return object_->pointer()->QueryInterface(iid, pointer);
}

InvokeOperation::InvokeOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    com_ptr<ObjectRef> object, std::unique_ptr<CallFrame> frame) noexcept
    : Operation(std::move(settler), ticket)
    , object_(std::move(object))
    , frame_(std::move(frame))
{
}

HRESULT InvokeOperation::Execute() noexcept
{
    RETURN_HR_IF(RPC_E_DISCONNECTED, object_->pointer() == nullptr);
    const MethodSignature& method = frame_->method();
    // The halves of an asynchronous method may also be called one by one, without a client call.
    if (method.half == Half::kFinish)
        frame_->Continue(object_->Recall(method.sync_slot));
    RETURN_IF_FAILED(frame_->Invoke(object_->apartment(), object_->pointer(), method_hr_));
    if (FAILED(method_hr_))
        frame_->CollectError(object_->pointer(), object_->iid());
    if (method.half == Half::kBegin && SUCCEEDED(method_hr_))
        object_->Remember(method.sync_slot, frame_->arguments());
    if (method.half == Half::kFinish && method_hr_ != RPC_S_CALLPENDING)
        object_->Forget();
    return S_OK;
}

IdentityOperation::IdentityOperation(
    std::shared_ptr<JsSettler> settler, std::uint32_t ticket, com_ptr<ObjectRef> object) noexcept
    : Operation(std::move(settler), ticket)
    , object_(std::move(object))
{
}

HRESULT IdentityOperation::Execute() noexcept
{
    RETURN_HR_IF(RPC_E_DISCONNECTED, object_->pointer() == nullptr);
    com_ptr<IUnknown> identity;
    RETURN_IF_FAILED(object_->pointer()->QueryInterface(__uuidof(IUnknown), identity.put_void()));
    address_ = reinterpret_cast<std::uintptr_t>(identity.get());
    return S_OK;
}

Napi::Value IdentityOperation::Result(Napi::Env env)
{
    return Napi::BigInt::New(env, static_cast<std::uint64_t>(address_));
}

MarshalOperation::MarshalOperation(
    std::shared_ptr<JsSettler> settler, std::uint32_t ticket, com_ptr<ObjectRef> object) noexcept
    : Operation(std::move(settler), ticket)
    , object_(std::move(object))
{
}

HRESULT MarshalOperation::Execute() noexcept
{
    RETURN_HR_IF(RPC_E_DISCONNECTED, object_->pointer() == nullptr);
    return MarshalToBytes(object_->iid(), object_->pointer(), objref_);
}

Napi::Value MarshalOperation::Result(Napi::Env env)
{
    Napi::Uint8Array bytes = Napi::Uint8Array::New(env, objref_.size());
    std::copy(objref_.begin(), objref_.end(), bytes.Data());
    return bytes;
}

} // namespace callfactory
