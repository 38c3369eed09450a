#pragma once

#include "apartment_thread.h"
#include "begun_arguments.h"
#include "object_ref.h"
#include "value_memory.h"

namespace callfactory {

//! Replaces ObjectRef* by the COM pointer that the other side wants (AddRef'd), or by null on
//! failure. Apartment thread.
class PointerPasser final : public InterfaceVisitor {
public:
    PointerPasser(Apartment& apartment, const BegunArguments& arguments) noexcept
        : apartment_(apartment)
        , arguments_(arguments)
    {
    }

    void Visit(const TypeNode& type, void** place) noexcept override;
    //! The first failure.
    HRESULT hr() const noexcept { return hr_; }

private:
    HRESULT Pass(ObjectRef& object, const TypeNode& type, void** place) const noexcept;

    Apartment& apartment_;
    const BegunArguments& arguments_;
    HRESULT hr_ = S_OK;
};

//! Releases COM pointers, what PointerPasser passed for one.
class PointerReleaser final : public InterfaceVisitor {
public:
    void Visit(const TypeNode&, void** place) noexcept override;
};

//! The IID of an interface pointer of `type`: what the call's arguments say, where they do.
const IID& WantedIid(const TypeNode& type, const BegunArguments& arguments) noexcept;

} // namespace callfactory
