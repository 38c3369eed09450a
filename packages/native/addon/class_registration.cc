#include "class_registration.h"

#include "hresult.h"

#include <utility>

namespace callfactory {

void RegisteredClass::Disconnect() noexcept
{
    if (const DWORD cookie = std::exchange(cookie_, 0))
        CoRevokeClassObject(cookie);
}

RegisterClassOperation::RegisterClassOperation(std::shared_ptr<JsSettler> settler,
    std::uint32_t ticket, com_ptr<ObjectRef> class_object, const CLSID& clsid, DWORD context,
    DWORD flags) noexcept
    : Operation(std::move(settler), ticket)
    , class_object_(std::move(class_object))
    , clsid_(clsid)
    , context_(context)
    , flags_(flags)
{
}

HRESULT RegisterClassOperation::Execute() noexcept
{
    RETURN_HR_IF(RPC_E_DISCONNECTED, class_object_->pointer() == nullptr);
    DWORD cookie = 0;
    RETURN_IF_FAILED(
        CoRegisterClassObject(clsid_, class_object_->pointer(), context_, flags_, &cookie));
    registered_
        = make_counted<RegisteredClass>(class_object_->apartment().shared_from_this(), cookie);
    return S_OK;
}

Napi::Value RegisterClassOperation::Result(Napi::Env env)
{
    // Released with the JavaScript value, in its apartment.
    RegisteredClass* const registered = registered_.get();
    registered->AddRef();
    return Napi::External<RegisteredClass>::New(
        env, registered, [](Napi::Env, RegisteredClass* last) { last->Release(); });
}

} // namespace callfactory
