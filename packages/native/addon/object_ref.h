#pragma once

#include "apartment_thread.h"
#include "com_ptr.h"

#include <memory>

namespace callfactory {

//! One reference to one interface of an object; lives in one apartment.
class ObjectRef final : public Resident {
public:
    //! Takes ownership of `pointer` (does not AddRef). Apartment thread.
    ObjectRef(std::shared_ptr<Apartment> apartment, com_ptr<IUnknown> pointer, const IID& iid,
        std::uint32_t interface_id) noexcept
        : Resident(std::move(apartment))
        , pointer_(std::move(pointer))
        , iid_(iid)
        , interface_id_(interface_id)
    {
    }

    //! Borrows the pointer, of interface `iid`; null once the apartment has ended. Apartment
    //! thread.
    IUnknown* pointer() const noexcept { return pointer_.get(); }
    const IID& iid() const noexcept { return iid_; }
    //! Which descriptor JavaScript sees the pointer through.
    std::uint32_t interface_id() const noexcept { return interface_id_; }

protected:
    void Disconnect() noexcept override { pointer_.reset(); }

private:
    com_ptr<IUnknown> pointer_;
    const IID iid_;
    const std::uint32_t interface_id_;
    Counted<&Counters::objects> counted_;
};

} // namespace callfactory
