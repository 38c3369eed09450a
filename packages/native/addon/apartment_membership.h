#pragma once

#include "apartment_thread.h"

#include <objbase.h>
#include <system_error>
#include <thread>
#include <utility>

namespace callfactory {

//! The apartment whose thread this is; null for any other thread.
inline thread_local Apartment* current_apartment = nullptr;
//! Whether it is that apartment's ordered one.
inline thread_local bool ordered_here = false;

//! Keeps a thread in an apartment while it lives.
class ThreadMembership {
public:
    ThreadMembership(Apartment& apartment, DWORD flags) noexcept
        : hr_(CoInitializeEx(nullptr, flags))
    {
        current_apartment = &apartment;
    }
    ~ThreadMembership()
    {
        current_apartment = nullptr;
        if (SUCCEEDED(hr_))
            CoUninitialize();
    }
    HRESULT hr() const noexcept { return hr_; }

private:
    HRESULT hr_;
    Counted<&Counters::threads> counted_;
};

//! False when the system has no more threads.
template <class F> bool StartThread(F&& run) noexcept
{
    try {
        std::thread(std::forward<F>(run)).detach();
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

} // namespace callfactory
