#include "call_wrap.h"

#include "addon_data.h"
#include "call_operations.h"

namespace callfactory {

Napi::Function CallWrap::Define(Napi::Env env)
{
    return DefineClass(env, "NativeCall",
        {
            InstanceMethod<&CallWrap::JS_begin>("begin"),
            InstanceMethod<&CallWrap::JS_finish>("finish"),
            InstanceMethod<&CallWrap::JS_watch>("watch"),
            InstanceMethod<&CallWrap::JS_signaled>("signaled"),
            InstanceMethod<&CallWrap::JS_cancel>("cancel"),
            InstanceMethod<&CallWrap::JS_testCancel>("testCancel"),
            InstanceMethod<&CallWrap::JS_queryInterface>("queryInterface"),
            InstanceMethod<&CallWrap::JS_release>("release"),
        });
}

CallWrap::CallWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<CallWrap>(info)
{
    if (info[0].IsExternal())
        call_ = com_ptr<ClientCall>(info[0].As<Napi::External<ClientCall>>().Data());
    else
        Napi::TypeError::New(info.Env(), "not constructible").ThrowAsJavaScriptException();
}

CallWrap::~CallWrap() { GiveUp(); }

bool CallWrap::IsAlive(Napi::Env env) const
{
    if (!call_)
        Napi::TypeError::New(env, "the call object has been released").ThrowAsJavaScriptException();
    return static_cast<bool>(call_);
}

//! Abandons the call, if one is open (FNF-01); never waits.
void CallWrap::GiveUp() noexcept
{
    if (!call_)
        return;
    Apartment& apartment = call_->apartment();
    apartment.Post(new AbandonCall(std::move(call_)));
}

void CallWrap::JS_begin(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    const std::uint32_t method_id = arguments.Uint32(1);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    AddonData& data = AddonData::Of(info.Env());
    // A getter in the arguments may release this very call object.
    const com_ptr<ClientCall> call = call_;
    auto frame = data.PackFrame(info.Env(), method_id, info[2]);
    if (frame != nullptr)
        call->apartment().Post(new BeginOperation(data.settler, ticket, call, std::move(frame)));
}

void CallWrap::JS_finish(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    const std::uint32_t method_id = arguments.Uint32(1);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    AddonData& data = AddonData::Of(info.Env());
    auto frame = data.MakeFrame(info.Env(), method_id);
    if (frame != nullptr)
        call_->apartment().Post(new FinishOperation(data.settler, ticket, call_, std::move(frame)));
}

Napi::Value CallWrap::JS_watch(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (arguments.failed() || !IsAlive(info.Env()))
        return info.Env().Undefined();
    const auto& settler = AddonData::Of(info.Env()).settler;
    const bool signaled = call_->Watch(std::make_unique<SignalWatch>(settler, ticket));
    return Napi::Boolean::New(info.Env(), signaled);
}

Napi::Value CallWrap::JS_signaled(const Napi::CallbackInfo& info)
{
    if (!IsAlive(info.Env()))
        return info.Env().Undefined();
    return Napi::Boolean::New(info.Env(), call_->signaled());
}

void CallWrap::JS_cancel(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    const std::uint32_t cancel_seconds = arguments.Uint32(1);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    auto* const cancel = new CancelOperation(AddonData::Of(info.Env()).settler, ticket, call_,
        CancelOperation::Kind::kCancel, cancel_seconds);
    // Cancel with seconds waits for the server (CAN-09).
    if (cancel_seconds == 0)
        call_->apartment().Post(cancel);
    else
        call_->apartment().PostBlocking(cancel);
}

void CallWrap::JS_testCancel(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (!arguments.failed() && IsAlive(info.Env()))
        call_->apartment().Post(new CancelOperation(AddonData::Of(info.Env()).settler, ticket,
            call_, CancelOperation::Kind::kTestCancel, 0));
}

void CallWrap::JS_queryInterface(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    std::uint32_t interface_id = 0;
    const IID iid = arguments.Interface(1, interface_id);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    Apartment& apartment = call_->apartment();
    apartment.Post(new QueryCallOperation(AddonData::Of(info.Env()).settler, ticket, call_,
        apartment.shared_from_this(), iid, interface_id));
}

void CallWrap::JS_release(const Napi::CallbackInfo&) { GiveUp(); }

} // namespace callfactory
