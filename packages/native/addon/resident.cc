#include "resident.h"

#include "apartment_thread.h"

#include <mutex>
#include <utility>

namespace callfactory {

Resident::Resident(std::shared_ptr<Apartment> apartment) noexcept
    : apartment_(std::move(apartment))
{
    apartment_->Link(this);
}

void Resident::Release() noexcept
{
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
        apartment_->Retire(this);
}

bool Resident::TryAddRef() noexcept
{
    std::uint32_t seen = references_.load(std::memory_order_relaxed);
    while (seen != 0) {
        if (references_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed))
            return true;
    }
    return false;
}

void Apartment::Link(Resident* resident) noexcept
{
    std::lock_guard guard(lock_);
    resident->following_ = residents_;
    if (residents_ != nullptr)
        residents_->previous_ = resident;
    residents_ = resident;
    resident->linked_ = true;
}

//! Takes `resident` off the list. The lock is held.
void Apartment::Unlink(Resident* resident) noexcept
{
    if (!std::exchange(resident->linked_, false))
        return;
    if (resident->following_ != nullptr)
        resident->following_->previous_ = resident->previous_;
    (resident->previous_ == nullptr ? residents_ : resident->previous_->following_)
        = resident->following_;
}

//! Destroys a resident without references: here in its apartment, else through the queue.
void Apartment::Retire(Resident* resident) noexcept
{
    const std::shared_ptr<Apartment> alive = resident->apartment_;
    {
        std::lock_guard guard(lock_);
        Unlink(resident);
        if (!closed_ && !IsCurrent()) {
            ordered_.Push(resident);
            WakeLocked();
            return;
        }
    }
    resident->Abandon(RPC_E_DISCONNECTED);
}

} // namespace callfactory
