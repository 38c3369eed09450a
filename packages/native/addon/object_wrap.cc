#include "object_wrap.h"

#include "addon_data.h"
#include "call_operations.h"

namespace callfactory {

namespace {

constexpr napi_type_tag kObjectTag = { 0x6b1f6d6e8a0e4c1d, 0x9d5a4f0c2b7e3a61 };

} // namespace

Napi::Function ObjectWrap::Define(Napi::Env env)
{
    return DefineClass(env, "NativeObject",
        {
            InstanceAccessor<&ObjectWrap::JS_interfaceId>("interfaceId"),
            InstanceMethod<&ObjectWrap::JS_queryInterface>("queryInterface"),
            InstanceMethod<&ObjectWrap::JS_invoke>("invoke"),
            InstanceMethod<&ObjectWrap::JS_createCall>("createCall"),
            InstanceMethod<&ObjectWrap::JS_identity>("identity"),
            InstanceMethod<&ObjectWrap::JS_marshal>("marshal"),
            InstanceMethod<&ObjectWrap::JS_addRef>("addRef"),
            InstanceMethod<&ObjectWrap::JS_release>("release"),
        });
}

ObjectWrap::ObjectWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ObjectWrap>(info)
{
    if (!info[0].IsExternal()) {
        Napi::TypeError::New(info.Env(), "not constructible").ThrowAsJavaScriptException();
        return;
    }
    object_ = com_ptr<ObjectRef>(info[0].As<Napi::External<ObjectRef>>().Data());
    info.This().As<Napi::Object>().TypeTag(&kObjectTag);
}

ObjectRef* ObjectWrap::RefOf(Napi::Value value)
{
    if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kObjectTag))
        return nullptr;
    ObjectWrap* const wrap = Unwrap(value.As<Napi::Object>());
    return wrap == nullptr ? nullptr : wrap->object_.get();
}

bool ObjectWrap::IsAlive(Napi::Env env) const
{
    if (!object_)
        Napi::TypeError::New(env, "the reference has been released").ThrowAsJavaScriptException();
    return static_cast<bool>(object_);
}

Napi::Value ObjectWrap::JS_interfaceId(const Napi::CallbackInfo& info)
{
    if (!IsAlive(info.Env()))
        return info.Env().Undefined();
    return Napi::Number::New(info.Env(), object_->interface_id());
}

void ObjectWrap::JS_queryInterface(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    std::uint32_t interface_id = 0;
    const IID iid = arguments.Interface(1, interface_id);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    object_->apartment().Post(
        new QueryOperation(AddonData::Of(info.Env()).settler, ticket, object_, iid, interface_id));
}

void ObjectWrap::JS_invoke(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    const std::uint32_t method_id = arguments.Uint32(1);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    AddonData& data = AddonData::Of(info.Env());
    // A getter in the arguments may release this very object.
    const com_ptr<ObjectRef> object = object_;
    auto frame = data.PackFrame(info.Env(), method_id, info[2]);
    if (frame != nullptr)
        object->apartment().PostBlocking(
            new InvokeOperation(data.settler, ticket, object, std::move(frame)));
}

void ObjectWrap::JS_createCall(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    std::uint32_t interface_id = 0;
    const IID iid = arguments.Interface(1, interface_id);
    if (arguments.failed() || !IsAlive(info.Env()))
        return;
    object_->apartment().Post(new CreateCallOperation(AddonData::Of(info.Env()).settler, ticket,
        object_, iid, com_ptr<ObjectRef>(ObjectWrap::RefOf(info[2]))));
}

void ObjectWrap::JS_identity(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (!arguments.failed() && IsAlive(info.Env()))
        object_->apartment().Post(
            new IdentityOperation(AddonData::Of(info.Env()).settler, ticket, object_));
}

void ObjectWrap::JS_marshal(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (!arguments.failed() && IsAlive(info.Env()))
        object_->apartment().Post(
            new MarshalOperation(AddonData::Of(info.Env()).settler, ticket, object_));
}

Napi::Value ObjectWrap::JS_addRef(const Napi::CallbackInfo& info)
{
    if (!IsAlive(info.Env()))
        return info.Env().Undefined();
    return AddonData::Of(info.Env()).WrapObject(info.Env(), object_.get());
}

void ObjectWrap::JS_release(const Napi::CallbackInfo&) { object_.reset(); }

} // namespace callfactory
