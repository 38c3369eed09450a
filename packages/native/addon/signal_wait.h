#pragma once

#include "com_ptr.h"
#include "outer_object.h"

namespace callfactory {

//! Has the system watch the event of a call object that cannot be aggregated, and signals its outer
//! object (CALL-11). No thread waits for one call alone.
class SignalWait {
public:
    SignalWait() noexcept = default;
    SignalWait(const SignalWait&) = delete;
    SignalWait& operator=(const SignalWait&) = delete;
    ~SignalWait() { Disarm(); }

    //! Finds the event of `call`; E_NOINTERFACE when it shows none. Apartment thread.
    HRESULT Attach(IUnknown* call) noexcept;
    bool attached() const noexcept { return event_ != nullptr; }
    //! Signals `outer` (AddRef'd) once the event is signaled. Apartment thread.
    HRESULT Arm(OuterObject* outer) noexcept;
    //! Waits for a signal that is on its way, and lets go of the outer object. Apartment thread.
    void Disarm() noexcept;

private:
    static void CALLBACK OnSignaled(void* context, BOOLEAN timed_out) noexcept;

    HANDLE event_ = nullptr;
    HANDLE wait_ = nullptr;
    com_ptr<OuterObject> outer_;
};

} // namespace callfactory
