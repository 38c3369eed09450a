#pragma once

#include "error_detail.h"
#include "incoming_frame.h"
#include "js_settler.h"

#include <memory>
#include <optional>

namespace callfactory {

//! A call of an object that JavaScript implements, between the thread that waits for it and
//! JavaScript.
class IncomingCall {
public:
    //! `self` is the object's identity when it is our own, borrowed while the caller waits; else
    //! null.
    IncomingCall(std::shared_ptr<const MethodSignature> method, const std::uint64_t* arguments,
        std::shared_ptr<Apartment> apartment, IUnknown* self);
    ~IncomingCall();
    IncomingCall(const IncomingCall&) = delete;
    IncomingCall& operator=(const IncomingCall&) = delete;

    //! Where its thread is, and where the pointers that it was given are good.
    Apartment& apartment() const noexcept { return *apartment_; }
    IncomingFrame& frame() noexcept { return *frame_; }
    //! Gives up the arguments, also when JavaScript never answers. The caller's thread, after
    //! Conclude.
    void DropFrame() noexcept { frame_.reset(); }
    HANDLE done() const noexcept { return done_; }
    IUnknown* self() const noexcept { return self_; }

    //! True when the frame may be used, and the caller's memory read, until StopReading. JavaScript
    //! thread.
    bool StartReading() noexcept;
    void StopReading() noexcept;
    //! The outcome; nothing happens when the caller has gone or has one. JavaScript thread, or
    //! whoever finds that JavaScript is gone.
    void Finish(std::uint32_t result, ErrorDetail detail = {}) noexcept;
    //! Ends the wait: with JavaScript's outcome when there is one, else with `hr`, after which
    //! JavaScript does not touch the caller's memory any more. The caller's thread.
    std::uint32_t Conclude(HRESULT hr) noexcept;
    const ErrorDetail& detail() const noexcept { return detail_; }

private:
    enum class State { kWaiting, kReading, kDone, kGone };

    std::shared_ptr<Apartment> apartment_;
    std::optional<IncomingFrame> frame_;
    IUnknown* const self_;
    HANDLE done_;
    SrwLock lock_;
    CONDITION_VARIABLE changed_ = CONDITION_VARIABLE_INIT;
    State state_ = State::kWaiting;
    std::uint32_t result_ = 0;
    ErrorDetail detail_;
};

//! Carries something to the JavaScript side of a served object, whose ticket it bears.
class Delivery final : public Operation {
public:
    //! `self` is the controlling unknown where it is not the object's own; else null.
    Delivery(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        std::shared_ptr<IncomingCall> call, std::uint32_t method_id,
        com_ptr<ObjectRef> self) noexcept;
    ~Delivery() override;
    //! [incoming, method, args, apartment]; undefined when the caller has gone.
    Napi::Value Result(Napi::Env env) override;

private:
    HRESULT Execute() noexcept override { return S_OK; }

    std::shared_ptr<IncomingCall> call_;
    std::uint32_t method_id_;
    com_ptr<ObjectRef> self_;
    bool delivered_ = false;
};

//! Tells JavaScript that the last reference to a served object is gone.
class Farewell final : public Operation {
public:
    using Operation::Operation;

private:
    HRESULT Execute() noexcept override { return S_FALSE; }
};

} // namespace callfactory
