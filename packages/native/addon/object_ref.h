#pragma once

#include "apartment_thread.h"
#include "begun_arguments.h"
#include "com_ptr.h"
#include "srw_lock.h"

#include <memory>
#include <mutex>
#include <optional>

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
        , counted_(std::in_place)
    {
    }

    //! Borrows the pointer, of interface `iid`; null once the apartment has ended. Apartment
    //! thread.
    IUnknown* pointer() const noexcept { return pointer_.get(); }
    //! The pointer (AddRef'd) for an apartment that shares it; null once its own has ended. Any
    //! thread.
    com_ptr<IUnknown> Share() noexcept
    {
        std::lock_guard guard(lock_);
        return pointer_;
    }
    const IID& iid() const noexcept { return iid_; }
    //! Which descriptor JavaScript sees the pointer through.
    std::uint32_t interface_id() const noexcept { return interface_id_; }

    //! Keeps what a Begin_ of this pointer was given, for its Finish_ (FIN-11).
    void Remember(std::uint32_t sync_slot, const BegunArguments& begun) noexcept
    {
        std::lock_guard guard(lock_);
        begun_slot_ = sync_slot;
        begun_ = begun;
    }
    //! What the open Begin_ of `sync_slot` was given; nothing when there is none.
    BegunArguments Recall(std::uint32_t sync_slot) noexcept
    {
        std::lock_guard guard(lock_);
        return begun_slot_ == sync_slot ? begun_ : BegunArguments{};
    }
    //! The call is over: a later one may have been begun through another pointer.
    void Forget() noexcept
    {
        std::lock_guard guard(lock_);
        begun_slot_ = 0;
    }

protected:
    void Disconnect() noexcept override
    {
        com_ptr<IUnknown> last;
        {
            std::lock_guard guard(lock_);
            last = std::move(pointer_);
        }
        last.reset();
        counted_.reset();
    }

private:
    com_ptr<IUnknown> pointer_;
    const IID iid_;
    const std::uint32_t interface_id_;
    SrwLock lock_;
    std::uint32_t begun_slot_ = 0;
    BegunArguments begun_;
    //! Until the pointer is gone; JavaScript may hold on to what is left.
    std::optional<Counted<&Counters::objects>> counted_;
};

} // namespace callfactory
