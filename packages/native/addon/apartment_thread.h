#pragma once

#include "counters.h"
#include "srw_lock.h"

#include <cstdint>
#include <memory>
#include <objbase.h>

namespace callfactory {

class Apartment;

//! A unit of work for an apartment. Either Run or Abandon is called, once, and disposes of it.
class Task {
public:
    virtual ~Task() = default;
    //! Does the work. Apartment thread.
    virtual void Run() noexcept = 0;
    //! Gives up without doing it. Any thread.
    virtual void Abandon(HRESULT hr) noexcept = 0;

    Task* next = nullptr;

private:
    Counted<&Counters::tasks> counted_;
};

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

//! A first-in first-out list of tasks; not locked.
class TaskList {
public:
    bool empty() const noexcept { return first_ == nullptr; }
    void Push(Task* task) noexcept;
    Task* Pop() noexcept;
    TaskList Take() noexcept;

private:
    Task* first_ = nullptr;
    Task* last_ = nullptr;
};

enum class ApartmentKind { kSta, kMta };

//! An apartment and its threads: one for ordered work; in an MTA more for synchronous calls, on
//! demand.
class Apartment : public std::enable_shared_from_this<Apartment> {
public:
    explicit Apartment(ApartmentKind kind) noexcept;
    ~Apartment();
    Apartment(const Apartment&) = delete;
    Apartment& operator=(const Apartment&) = delete;

    ApartmentKind kind() const noexcept { return kind_; }
    //! Starts the thread; `opened` runs on it first, or is abandoned when CoInitializeEx fails.
    void Start(Task* opened) noexcept;
    //! Hands work to the ordered thread; abandons it when the apartment is closing. Any thread.
    void Post(Task* task) noexcept;
    //! Hands over a call that may block: another thread of an MTA takes it. Any thread.
    void PostBlocking(Task* task) noexcept;
    //! Asks the apartment to end; `ended` runs last of all. Any thread.
    void Stop(Task* ended) noexcept;
    //! Waits for the end; false on timeout. Not an apartment thread.
    bool WaitUntilEnded(DWORD timeout_ms) noexcept;
    //! True on a thread of this apartment.
    bool IsCurrent() const noexcept;
    //! True when pointers of `other` may be used here (APT-04): the process has one MTA.
    bool SharesPointersWith(const Apartment& other) const noexcept;

private:
    friend class Resident;

    void RunOrdered(Task* opened) noexcept;
    void RunWorker() noexcept;
    void AwaitWork() noexcept;
    void Shut() noexcept;
    bool DisconnectResidents() noexcept;
    void AwaitWorkers() noexcept;
    void Link(Resident* resident) noexcept;
    void Unlink(Resident* resident) noexcept;
    void Retire(Resident* resident) noexcept;
    void WakeLocked() noexcept;

    const ApartmentKind kind_;
    SrwLock lock_;
    CONDITION_VARIABLE ordered_wake_ = CONDITION_VARIABLE_INIT;
    CONDITION_VARIABLE worker_wake_ = CONDITION_VARIABLE_INIT;
    CONDITION_VARIABLE changed_ = CONDITION_VARIABLE_INIT;
    HANDLE sta_wake_ = nullptr;
    TaskList ordered_;
    TaskList blocking_;
    Task* ended_task_ = nullptr;
    Resident* residents_ = nullptr;
    unsigned workers_ = 0;
    unsigned idle_workers_ = 0;
    unsigned waiting_calls_ = 0;
    bool asleep_ = false;
    bool stopping_ = false;
    bool closed_ = false;
    bool ended_ = false;
};

} // namespace callfactory
