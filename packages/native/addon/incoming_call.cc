#include "incoming_call.h"

#include "addon_data.h"
#include "incoming_wrap.h"

#include <mutex>
#include <utility>

namespace callfactory {

IncomingCall::IncomingCall(std::shared_ptr<const MethodSignature> method,
    const std::uint64_t* arguments, std::shared_ptr<Apartment> apartment, IUnknown* self)
    : apartment_(std::move(apartment))
    , frame_(std::in_place, std::move(method), arguments)
    , self_(self)
    , done_(CreateEventW(nullptr, TRUE, FALSE, nullptr))
{
}

IncomingCall::~IncomingCall()
{
    if (done_ != nullptr)
        CloseHandle(done_);
}

bool IncomingCall::StartReading() noexcept
{
    std::lock_guard guard(lock_);
    if (state_ != State::kWaiting)
        return false;
    state_ = State::kReading;
    return true;
}

void IncomingCall::StopReading() noexcept
{
    std::lock_guard guard(lock_);
    state_ = State::kWaiting;
    WakeAllConditionVariable(&changed_);
}

void IncomingCall::Finish(std::uint32_t result, ErrorDetail detail) noexcept
{
    std::lock_guard guard(lock_);
    if (state_ != State::kWaiting)
        return;
    state_ = State::kDone;
    result_ = result;
    detail_ = std::move(detail);
    SetEvent(done_);
}

std::uint32_t IncomingCall::Conclude(HRESULT hr) noexcept
{
    std::lock_guard guard(lock_);
    // Reading takes moments, and never waits for anybody.
    while (state_ == State::kReading)
        lock_.Sleep(changed_);
    if (state_ == State::kDone)
        return result_;
    state_ = State::kGone;
    return static_cast<std::uint32_t>(FAILED(hr) ? hr : E_UNEXPECTED);
}

Delivery::Delivery(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    std::shared_ptr<IncomingCall> call, std::uint32_t method_id, com_ptr<ObjectRef> self) noexcept
    : Operation(std::move(settler), ticket)
    , call_(std::move(call))
    , method_id_(method_id)
    , self_(std::move(self))
{
}

Delivery::~Delivery()
{
    // JavaScript is gone, and the call never got there.
    if (!delivered_)
        call_->Finish(static_cast<std::uint32_t>(RPC_E_DISCONNECTED));
}

Napi::Value Delivery::Result(Napi::Env env)
{
    if (!call_->StartReading())
        return env.Undefined();
    Napi::Value args = call_->frame().UnpackIns(env);
    call_->StopReading();
    if (args.IsEmpty()) {
        call_->Finish(static_cast<std::uint32_t>(RPC_E_SERVER_CANTUNMARSHAL_DATA));
        return env.Undefined();
    }
    // Without memory for the values there is no call.
    if (env.IsExceptionPending())
        return env.Undefined();
    Napi::Array incoming = Napi::Array::New(env, 4);
    incoming.Set(0u, IncomingWrap::New(env, call_, self_));
    incoming.Set(1u, Napi::Number::New(env, method_id_));
    incoming.Set(2u, args);
    incoming.Set(3u, Napi::Number::New(env, call_->apartment().id()));
    delivered_ = true;
    return incoming;
}

} // namespace callfactory
