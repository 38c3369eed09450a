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
    //! `owner` stands for the JavaScript environment that opened the apartment; never called.
    Apartment(ApartmentKind kind, const void* owner) noexcept;
    ~Apartment();
    Apartment(const Apartment&) = delete;
    Apartment& operator=(const Apartment&) = delete;

    ApartmentKind kind() const noexcept { return kind_; }
    const void* owner() const noexcept { return owner_; }
    //! A number of its own in this process.
    std::uint32_t id() const noexcept { return id_; }
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
    //! Waits for `done` with a method of an object that lives here, on whatever thread it was
    //! called; serves what an STA or the ordered thread has to do meanwhile. RPC_E_DISCONNECTED
    //! when this apartment ends first.
    HRESULT AwaitReply(HANDLE done) noexcept;
    //! True on a thread of this apartment.
    bool IsCurrent() const noexcept;
    //! True when pointers of `other` may be used here (APT-04): the process has one MTA.
    bool SharesPointersWith(const Apartment& other) const noexcept;

private:
    friend class Resident;

    void RunOrdered(Task* opened) noexcept;
    void RunWorker() noexcept;
    void AwaitWork() noexcept;
    Task* NextTask() noexcept;
    HRESULT ServeUntil(HANDLE done, HANDLE home_stopped) noexcept;
    void LendWorker(bool lend) noexcept;
    unsigned WorkerLimitLocked() const noexcept;
    void Shut() noexcept;
    bool DisconnectResidents() noexcept;
    void AwaitWorkers() noexcept;
    void Link(Resident* resident) noexcept;
    void Unlink(Resident* resident) noexcept;
    void Retire(Resident* resident) noexcept;
    void WakeLocked() noexcept;

    const ApartmentKind kind_;
    const void* const owner_;
    const std::uint32_t id_;
    SrwLock lock_;
    CONDITION_VARIABLE ordered_wake_ = CONDITION_VARIABLE_INIT;
    CONDITION_VARIABLE worker_wake_ = CONDITION_VARIABLE_INIT;
    CONDITION_VARIABLE changed_ = CONDITION_VARIABLE_INIT;
    //! Wakes the ordered thread where it cannot sleep on `ordered_wake_`: in an STA, and in calls.
    HANDLE wake_event_ = nullptr;
    HANDLE stopped_event_ = nullptr;
    TaskList ordered_;
    //! What the ordered thread took off `ordered_` and has not done; its own.
    TaskList taken_;
    TaskList blocking_;
    Task* ended_task_ = nullptr;
    Resident* residents_ = nullptr;
    unsigned workers_ = 0;
    unsigned idle_workers_ = 0;
    unsigned waiting_calls_ = 0;
    //! Workers that wait for JavaScript: they hold nobody else's place.
    unsigned lent_workers_ = 0;
    bool asleep_ = false;
    bool wakes_by_event_ = false;
    bool stopping_ = false;
    bool closed_ = false;
    bool ended_ = false;
};

} // namespace callfactory
