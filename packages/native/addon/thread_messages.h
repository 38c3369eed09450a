#pragma once

#include <cstdint>
#include <deque>
#include <windows.h>

namespace callfactory {

//! A message as core's MSG has it.
struct ThreadMessage {
    DWORD message;
    std::uint64_t w_param;
    std::int64_t l_param;
    DWORD time;
};

//! The messages of one thread, which alone uses it.
class ThreadMessages {
public:
    //! Empties the queue: messages to windows are dispatched, those to the thread are kept for
    //! Peek.
    void Pump() noexcept;
    //! PeekMessageW for messages to the thread: the first in the range (CoTaskMemAlloc), or null.
    HRESULT Peek(UINT first, UINT last, UINT remove, ThreadMessage** message) noexcept;
    //! GetQueueStatus; what is kept counts as posted, and as new until somebody looks.
    DWORD Status(UINT flags) noexcept;

private:
    // Not thread_local: MinGW frees that before its destructor runs.
    std::deque<MSG> kept_;
    bool kept_new_ = false;
};

} // namespace callfactory
