#pragma once

#include "client_call.h"
#include "object_operations.h"

#include <memory>

namespace callfactory {

//! ICallFactory::CreateCall with our outer object.
class CreateCallOperation final : public Operation {
public:
    CreateCallOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ObjectRef> object, const IID& async_iid, com_ptr<ObjectRef> hooks) noexcept;
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override;

    com_ptr<ObjectRef> object_;
    IID async_iid_;
    com_ptr<ObjectRef> hooks_;
    com_ptr<ClientCall> call_;
};

//! QueryInterface on a call object.
class QueryCallOperation final : public ObjectOperation {
public:
    QueryCallOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ClientCall> call, std::shared_ptr<Apartment> apartment, const IID& iid,
        std::uint32_t interface_id) noexcept;

private:
    HRESULT Obtain(const IID& iid, void** pointer) noexcept override;

    com_ptr<ClientCall> call_;
};

//! ICancelMethodCalls of a call object: Cancel, or TestCancel without seconds. The HRESULT is the
//! result.
class CancelOperation final : public Operation {
public:
    enum class Kind { kCancel, kTestCancel };

    CancelOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ClientCall> call, Kind kind, std::uint32_t cancel_seconds) noexcept;
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override;
    HRESULT Ask() const noexcept;

    com_ptr<ClientCall> call_;
    Kind kind_;
    std::uint32_t cancel_seconds_;
    HRESULT answer_ = E_PENDING;
};

//! Gives a call object up.
class AbandonCall final : public Task {
public:
    explicit AbandonCall(com_ptr<ClientCall> call) noexcept
        : call_(std::move(call))
    {
    }
    void Run() noexcept override
    {
        call_->Disconnect();
        delete this;
    }
    void Abandon(HRESULT) noexcept override { delete this; }

private:
    com_ptr<ClientCall> call_;
};

} // namespace callfactory
