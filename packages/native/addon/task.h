#pragma once

#include "counters.h"

#include <objbase.h>

namespace callfactory {

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

} // namespace callfactory
