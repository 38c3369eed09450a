#pragma once

#include "com_ptr.h"
#include "counters.h"
#include "srw_lock.h"

#include <atomic>
#include <objidl.h>

namespace callfactory {

//! Told when an outer object is signaled.
class SignalListener {
public:
    //! AddRef, unless the last reference is gone and the listener on its way out.
    virtual bool TryAddRef() noexcept = 0;
    virtual void Release() noexcept = 0;
    //! Any thread; no lock is held.
    virtual void OnSignal() noexcept = 0;

protected:
    ~SignalListener() = default;
};

//! The controlling unknown of a client call object (CALL-08, CALL-09).
//!
//! Owns the identity and the synchronization; QueryInterface for anything else goes to the inner
//! unknown. Whoever works on the call holds it through the inner's delegating references, so it
//! outlives the client's interest in an abandoned call (FNF-01, FNF-02).
class OuterObject final : public ISynchronize, public ISynchronizeHandle {
public:
    explicit OuterObject(SignalListener& listener) noexcept
        : listener_(&listener)
    {
    }

    //! Takes ownership of the non-delegating unknown of the call object.
    void Adopt(com_ptr<IUnknown> inner) noexcept { inner_ = std::move(inner); }
    //! Lets `hooks` hear of Reset and Signal, after which they take effect (CALL-09). Before Adopt.
    void Hook(com_ptr<ISynchronize> hooks) noexcept { hooks_ = std::move(hooks); }
    //! Reset without a word to the hooks.
    void ResetOwn() noexcept;
    //! Drops the listener; it must do so before it goes.
    void Forget() noexcept;
    bool signaled() noexcept;
    IUnknown* unknown() noexcept { return static_cast<ISynchronize*>(this); }

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) noexcept override;
    ULONG STDMETHODCALLTYPE AddRef() noexcept override;
    ULONG STDMETHODCALLTYPE Release() noexcept override;
    HRESULT STDMETHODCALLTYPE Wait(DWORD flags, DWORD timeout_ms) noexcept override;
    HRESULT STDMETHODCALLTYPE Signal() noexcept override;
    HRESULT STDMETHODCALLTYPE Reset() noexcept override;
    HRESULT STDMETHODCALLTYPE GetHandle(HANDLE* handle) noexcept override;

private:
    ~OuterObject();
    HRESULT EnsureEvent(HANDLE& event) noexcept;

    std::atomic<ULONG> references_{ 1 };
    com_ptr<IUnknown> inner_;
    com_ptr<ISynchronize> hooks_;
    SrwLock lock_;
    SignalListener* listener_;
    HANDLE event_ = nullptr;
    bool signaled_ = false;
    Counted<&Counters::outers> counted_;
};

} // namespace callfactory
