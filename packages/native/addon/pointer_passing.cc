#include "pointer_passing.h"

#include "com_ptr.h"
#include "hresult.h"

namespace callfactory {

void PointerPasser::OnInterface(const TypeNode&, const IID& iid, void** place) noexcept
{
    const auto object = com_ptr<ObjectRef>::attach(static_cast<ObjectRef*>(*place));
    *place = nullptr;
    const HRESULT hr = Pass(*object, iid, place);
    if (SUCCEEDED(hr_))
        hr_ = hr;
}

HRESULT PointerPasser::Pass(ObjectRef& object, const IID& iid, void** place) const noexcept
{
    // A pointer is good in its own apartment only (APT-04).
    RETURN_HR_IF(RPC_E_WRONG_THREAD, !object.apartment().SharesPointersWith(apartment_));
    // Another opening of the MTA may end meanwhile, and give the pointer up.
    com_ptr<IUnknown> pointer = object.Share();
    RETURN_HR_IF(RPC_E_DISCONNECTED, !pointer);
    if (object.iid() != iid)
        return pointer->QueryInterface(iid, place);
    *place = pointer.detach();
    return S_OK;
}

void PointerReleaser::OnInterface(const TypeNode&, const IID&, void** place) noexcept
{
    com_ptr<IUnknown>::attach(static_cast<IUnknown*>(*place));
    *place = nullptr;
}

void PointerTaker::OnInterface(const TypeNode& type, const IID& iid, void** place) noexcept
{
    auto pointer = com_ptr<IUnknown>::attach(static_cast<IUnknown*>(*place));
    *place = nullptr;
    if (!releases_)
        *place = make_counted<ObjectRef>(
            apartment_.shared_from_this(), std::move(pointer), iid, type.interface_id)
                     .detach();
}

void ReleaseAtRest(void* object) noexcept { static_cast<ObjectRef*>(object)->Release(); }

} // namespace callfactory
