#include "pointer_passing.h"

#include "com_ptr.h"
#include "hresult.h"

namespace callfactory {

const IID& WantedIid(const TypeNode& type, const BegunArguments& arguments) noexcept
{
    for (const auto& [index, iid] : arguments.iids) {
        if (index == type.iid_is)
            return iid;
    }
    return type.iid;
}

void PointerPasser::Visit(const TypeNode& type, void** place) noexcept
{
    const auto object = com_ptr<ObjectRef>::attach(static_cast<ObjectRef*>(*place));
    *place = nullptr;
    const HRESULT hr = Pass(*object, type, place);
    if (SUCCEEDED(hr_))
        hr_ = hr;
}

HRESULT PointerPasser::Pass(ObjectRef& object, const TypeNode& type, void** place) const noexcept
{
    // A pointer is good in its own apartment only (APT-04).
    RETURN_HR_IF(RPC_E_WRONG_THREAD, !object.apartment().SharesPointersWith(apartment_));
    // Another opening of the MTA may end meanwhile, and give the pointer up.
    com_ptr<IUnknown> pointer = object.Share();
    RETURN_HR_IF(RPC_E_DISCONNECTED, !pointer);
    const IID& wanted = WantedIid(type, arguments_);
    if (object.iid() != wanted)
        return pointer->QueryInterface(wanted, place);
    *place = pointer.detach();
    return S_OK;
}

void PointerReleaser::Visit(const TypeNode&, void** place) noexcept
{
    com_ptr<IUnknown>::attach(static_cast<IUnknown*>(*place));
    *place = nullptr;
}

} // namespace callfactory
