#pragma once

#include "object_operations.h"

#include <string>
#include <vector>

namespace callfactory {

//! CoCreateInstance, or DllGetClassObject of a DLL that is named by its path.
class ActivateOperation final : public ObjectOperation {
public:
    //! An empty `library` means the registry.
    ActivateOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        std::shared_ptr<Apartment> apartment, const CLSID& clsid, std::wstring library,
        const IID& iid, std::uint32_t interface_id) noexcept;

private:
    HRESULT Obtain(const IID& iid, void** pointer) noexcept override;

    CLSID clsid_;
    std::wstring library_;
};

//! CoUnmarshalInterface.
class UnmarshalOperation final : public ObjectOperation {
public:
    UnmarshalOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        std::shared_ptr<Apartment> apartment, std::vector<std::uint8_t> objref, const IID& iid,
        std::uint32_t interface_id) noexcept;

private:
    HRESULT Obtain(const IID& iid, void** pointer) noexcept override;

    std::vector<std::uint8_t> objref_;
};

//! Finds out what this system's COM can do.
class ProbeOperation final : public Operation {
public:
    using Operation::Operation;
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override;

    bool std_event_ = false;
    bool aggregable_event_ = false;
    bool proxy_call_factory_ = false;
};

} // namespace callfactory
