#pragma once

#include "task.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace callfactory {

class Apartment;

//! Something that holds pointers of one apartment: counted from any thread, destroyed in the
//! apartment.
class Resident : protected Task {
public:
    void AddRef() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
    void Release() noexcept;

    Apartment& apartment() const noexcept { return *apartment_; }

protected:
    explicit Resident(std::shared_ptr<Apartment> apartment) noexcept;
    ~Resident() override = default;

    //! AddRef, unless the last reference is gone.
    bool TryAddRef() noexcept;
    //! Gives every pointer up because the apartment ends. Apartment thread.
    virtual void Disconnect() noexcept = 0;

private:
    friend class Apartment;

    // A resident is its own task for being destroyed in the apartment.
    void Run() noexcept final { delete this; }
    void Abandon(HRESULT) noexcept final { delete this; }

    std::atomic<std::uint32_t> references_{ 1 };
    std::shared_ptr<Apartment> apartment_;
    Resident* previous_ = nullptr;
    Resident* following_ = nullptr;
    bool linked_ = false;
};

} // namespace callfactory
