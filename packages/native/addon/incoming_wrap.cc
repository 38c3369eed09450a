#include "incoming_wrap.h"

#include "addon_data.h"

#include <utility>

namespace callfactory {

namespace {

//! What IncomingWrap::New passes to the constructor.
struct Parts {
    std::shared_ptr<IncomingCall> call;
    com_ptr<ObjectRef> self;
};

} // namespace

Napi::Function IncomingWrap::Define(Napi::Env env)
{
    return DefineClass(env, "NativeIncoming",
        {
            InstanceMethod<&IncomingWrap::JS_finish>("finish"),
            InstanceMethod<&IncomingWrap::JS_self>("self"),
        });
}

Napi::Value IncomingWrap::New(
    Napi::Env env, const std::shared_ptr<IncomingCall>& call, const com_ptr<ObjectRef>& self)
{
    Parts parts{ call, self };
    return AddonData::Of(env).incoming_class_.New({ Napi::External<Parts>::New(env, &parts) });
}

IncomingWrap::IncomingWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<IncomingWrap>(info)
    , data_(AddonData::Of(info.Env()))
{
    if (!info[0].IsExternal()) {
        Napi::TypeError::New(info.Env(), "not constructible").ThrowAsJavaScriptException();
        return;
    }
    const Parts& parts = *info[0].As<Napi::External<Parts>>().Data();
    call_ = parts.call;
    self_ = parts.self;
    data_.incoming.insert(this);
}

IncomingWrap::~IncomingWrap()
{
    // JavaScript has let go of the call without an answer: there will be none.
    Answer(static_cast<std::uint32_t>(RPC_E_SERVERFAULT), {});
}

void IncomingWrap::Abandon() noexcept
{
    const std::shared_ptr<IncomingCall> call = std::move(call_);
    self_.reset();
    if (call)
        call->Finish(static_cast<std::uint32_t>(RPC_E_DISCONNECTED));
}

void IncomingWrap::Answer(std::uint32_t result, ErrorDetail detail) noexcept
{
    const std::shared_ptr<IncomingCall> call = std::move(call_);
    if (!call)
        return;
    data_.incoming.erase(this);
    self_.reset();
    call->Finish(result, std::move(detail));
}

//! False when they do not fit; true also when nobody waits for them any more.
bool IncomingWrap::PackOuts(Napi::Env env, Napi::Value outs)
{
    const std::shared_ptr<IncomingCall> call = call_;
    if (!call->StartReading())
        return true;
    const bool fits = call->frame().PackOuts(env, outs);
    call->StopReading();
    return fits;
}

Napi::Value IncomingWrap::JS_finish(const Napi::CallbackInfo& info)
{
    const Napi::Env env = info.Env();
    double result = 0;
    if (napi_get_value_double(env, info[0], &result) != napi_ok || !call_) {
        Napi::TypeError::New(env, "finish takes a result, once").ThrowAsJavaScriptException();
        return env.Undefined();
    }
    const bool fits = info[1].IsNull() || PackOuts(env, info[1]);
    if (!fits) {
        if (!env.IsExceptionPending())
            Napi::TypeError::New(env, "a result does not fit its type")
                .ThrowAsJavaScriptException();
        return env.Undefined();
    }
    Answer(
        static_cast<std::uint32_t>(static_cast<std::int64_t>(result)), ErrorDetailOf(env, info[2]));
    return env.Undefined();
}

Napi::Value IncomingWrap::JS_self(const Napi::CallbackInfo& info)
{
    const Napi::Env env = info.Env();
    if (!call_ || !info[0].IsNumber())
        return env.Null();
    if (self_)
        return AddonData::Of(env).WrapObject(env, self_.get());
    // Its caller holds the object, as long as it waits.
    if (call_->self() == nullptr || !call_->StartReading())
        return env.Null();
    const auto self = make_counted<ObjectRef>(call_->apartment().shared_from_this(),
        com_ptr<IUnknown>(call_->self()), __uuidof(IUnknown),
        info[0].As<Napi::Number>().Uint32Value());
    call_->StopReading();
    return AddonData::Of(env).WrapObject(env, self.get());
}

} // namespace callfactory
