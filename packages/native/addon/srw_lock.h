#pragma once

#include <windows.h>

namespace callfactory {

//! A slim exclusive lock with the names that std::lock_guard and std::unique_lock expect.
class SrwLock {
public:
    SrwLock() noexcept = default;
    SrwLock(const SrwLock&) = delete;
    SrwLock& operator=(const SrwLock&) = delete;

    void lock() noexcept { AcquireSRWLockExclusive(&lock_); }
    void unlock() noexcept { ReleaseSRWLockExclusive(&lock_); }

    //! Sleeps until `condition` is woken; the lock is held before and after.
    void Sleep(CONDITION_VARIABLE& condition, DWORD timeout_ms = INFINITE) noexcept
    {
        SleepConditionVariableSRW(&condition, &lock_, timeout_ms, 0);
    }

private:
    SRWLOCK lock_ = SRWLOCK_INIT;
};

} // namespace callfactory
