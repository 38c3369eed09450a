#pragma once

#include "resident.h"
#include "srw_lock.h"
#include "task.h"

#include <memory>
#include <objbase.h>

namespace callfactory {

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
    //! Hands over a call that may block, after all that was posted before it: another thread of an
    //! MTA takes it. Any thread.
    void PostBlocking(Task* task) noexcept;
    //! The same without regard to what was posted before. Any thread.
    void RunBlocking(Task* task) noexcept;
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
