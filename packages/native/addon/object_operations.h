#pragma once

#include "call_frame.h"
#include "com_ptr.h"
#include "js_settler.h"
#include "object_ref.h"

#include <memory>
#include <string>
#include <vector>

namespace callfactory {

//! An operation whose outcome is an interface pointer.
class ObjectOperation : public Operation {
public:
    ObjectOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        std::shared_ptr<Apartment> apartment, const IID& iid, std::uint32_t interface_id) noexcept;
    Napi::Value Result(Napi::Env env) override;

protected:
    //! Gets the pointer for `iid` (AddRef'd). Apartment thread.
    virtual HRESULT Obtain(const IID& iid, void** pointer) noexcept = 0;

    std::shared_ptr<Apartment> apartment_;

private:
    HRESULT Execute() noexcept final;

    IID iid_;
    std::uint32_t interface_id_;
    com_ptr<ObjectRef> result_;
};

//! QueryInterface on an object.
class QueryOperation final : public ObjectOperation {
public:
    QueryOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ObjectRef> object, const IID& iid, std::uint32_t interface_id) noexcept;

private:
    HRESULT Obtain(const IID& iid, void** pointer) noexcept override;

    com_ptr<ObjectRef> object_;
};

//! A synchronous method, on the worker lane.
class InvokeOperation final : public Operation {
public:
    InvokeOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ObjectRef> object, std::unique_ptr<CallFrame> frame) noexcept;
    Napi::Value Result(Napi::Env env) override { return frame_->Unpack(env, method_hr_); }

private:
    HRESULT Execute() noexcept override;

    com_ptr<ObjectRef> object_;
    std::unique_ptr<CallFrame> frame_;
    HRESULT method_hr_ = E_PENDING;
};

//! The address of the object's IUnknown.
class IdentityOperation final : public Operation {
public:
    IdentityOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ObjectRef> object) noexcept;
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override;

    com_ptr<ObjectRef> object_;
    std::uintptr_t address_ = 0;
};

//! CoMarshalInterface into bytes.
class MarshalOperation final : public Operation {
public:
    MarshalOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ObjectRef> object) noexcept;
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override;

    com_ptr<ObjectRef> object_;
    std::vector<std::uint8_t> objref_;
};

} // namespace callfactory
