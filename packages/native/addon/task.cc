#include "task.h"

#include <utility>

namespace callfactory {

void TaskList::Push(Task* task) noexcept
{
    task->next = nullptr;
    (last_ == nullptr ? first_ : last_->next) = task;
    last_ = task;
}

Task* TaskList::Pop() noexcept
{
    Task* const task = first_;
    if (task != nullptr)
        first_ = task->next;
    if (first_ == nullptr)
        last_ = nullptr;
    return task;
}

TaskList TaskList::Take() noexcept { return std::exchange(*this, TaskList()); }

} // namespace callfactory
