#pragma once

#include "com_ptr.h"
#include "js_settler.h"
#include "object_ref.h"

#include <memory>

namespace callfactory {

//! A class object that is registered with COM, until its apartment ends at the latest.
class RegisteredClass final : public Resident {
public:
    //! Takes the registration over. Apartment thread.
    RegisteredClass(std::shared_ptr<Apartment> apartment, DWORD cookie) noexcept
        : Resident(std::move(apartment))
        , cookie_(cookie)
    {
    }
    ~RegisteredClass() override { Disconnect(); }

    //! CoRevokeClassObject, once. Apartment thread.
    void Disconnect() noexcept override;

private:
    DWORD cookie_;
};

//! CoRegisterClassObject.
class RegisterClassOperation final : public Operation {
public:
    RegisterClassOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        com_ptr<ObjectRef> class_object, const CLSID& clsid, DWORD context, DWORD flags) noexcept;
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override;

    com_ptr<ObjectRef> class_object_;
    CLSID clsid_;
    DWORD context_;
    DWORD flags_;
    com_ptr<RegisteredClass> registered_;
};

//! Ends a registration.
class RevokeClass final : public Task {
public:
    explicit RevokeClass(com_ptr<RegisteredClass> registered) noexcept
        : registered_(std::move(registered))
    {
    }
    void Run() noexcept override
    {
        registered_->Disconnect();
        delete this;
    }
    void Abandon(HRESULT) noexcept override { delete this; }

private:
    com_ptr<RegisteredClass> registered_;
};

} // namespace callfactory
