#pragma once

#include "srw_lock.h"

#include <objidl.h>

namespace callfactory {

//! The synchronization of a call object that JavaScript serves (SRV-12): a part of it, whose
//! IUnknown is the controlling one. An event of our own: the system's may not be aggregable.
class ServedSynchronize final : public ISynchronize, public ISynchronizeHandle {
public:
    explicit ServedSynchronize(IUnknown* controlling) noexcept
        : controlling_(controlling)
    {
    }
    ~ServedSynchronize();
    ServedSynchronize(const ServedSynchronize&) = delete;
    ServedSynchronize& operator=(const ServedSynchronize&) = delete;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) noexcept override
    {
        return controlling_->QueryInterface(iid, object);
    }
    ULONG STDMETHODCALLTYPE AddRef() noexcept override { return controlling_->AddRef(); }
    ULONG STDMETHODCALLTYPE Release() noexcept override { return controlling_->Release(); }
    HRESULT STDMETHODCALLTYPE Wait(DWORD flags, DWORD timeout_ms) noexcept override;
    HRESULT STDMETHODCALLTYPE Signal() noexcept override;
    HRESULT STDMETHODCALLTYPE Reset() noexcept override;
    HRESULT STDMETHODCALLTYPE GetHandle(HANDLE* handle) noexcept override;

private:
    HRESULT EnsureEvent(HANDLE& event) noexcept;

    IUnknown* const controlling_;
    SrwLock lock_;
    HANDLE event_ = nullptr;
    bool signaled_ = false;
};

} // namespace callfactory
