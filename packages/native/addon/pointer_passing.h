#pragma once

#include "apartment_thread.h"
#include "object_ref.h"
#include "value_walk.h"

namespace callfactory {

//! Replaces ObjectRef* by the COM pointer that the other side wants (AddRef'd), or by null on
//! failure. Apartment thread.
class PointerPasser final : public ValueVisitor {
public:
    explicit PointerPasser(Apartment& apartment) noexcept
        : apartment_(apartment)
    {
    }

    void OnInterface(const TypeNode& type, const IID& iid, void** place) noexcept override;
    //! The first failure.
    HRESULT hr() const noexcept { return hr_; }

private:
    HRESULT Pass(ObjectRef& object, const IID& iid, void** place) const noexcept;

    Apartment& apartment_;
    HRESULT hr_ = S_OK;
};

//! Releases COM pointers, what PointerPasser passed for one. Apartment thread.
class PointerReleaser final : public ValueVisitor {
public:
    void OnInterface(const TypeNode& type, const IID& iid, void** place) noexcept override;
};

//! Replaces the COM pointers that came out by ObjectRef*, and releases others. Apartment thread.
class PointerTaker final : public ValueVisitor {
public:
    explicit PointerTaker(Apartment& apartment) noexcept
        : apartment_(apartment)
    {
    }

    //! From now on pointers went in only.
    void ReleaseOthers() noexcept { releases_ = true; }
    void OnInterface(const TypeNode& type, const IID& iid, void** place) noexcept override;

private:
    Apartment& apartment_;
    bool releases_ = false;
};

} // namespace callfactory
