#include "addon_data.h"
#include "apartment_wrap.h"
#include "class_registration.h"
#include "served_object.h"

// How JavaScript makes a COM object.

namespace callfactory {

namespace {

// The flags of native-served.ts.
constexpr std::uint32_t kFreeThreaded = 1;
constexpr std::uint32_t kCall = 2;
constexpr std::uint32_t kInternal = 4;
constexpr std::uint32_t kInner = 8;

bool ReadLayouts(const AddonData& data, Napi::Value value, ServedParts& parts)
{
    if (!value.IsArray())
        return false;
    const auto list = value.As<Napi::Array>();
    for (std::uint32_t i = 0; i < list.Length(); i++) {
        const Napi::Value each = list.Get(i);
        if (!each.IsNumber())
            return false;
        const std::uint32_t id = each.As<Napi::Number>().Uint32Value();
        if (id >= data.vtables.size())
            return false;
        parts.layouts.push_back(data.vtables[id]);
    }
    return true;
}

bool ReadQueryInner(const AddonData& data, Napi::Value value, ServedParts& parts)
{
    if (value.IsNull())
        return true;
    if (!value.IsNumber())
        return false;
    parts.query_inner_id = value.As<Napi::Number>().Uint32Value();
    if (parts.query_inner_id >= data.methods.size())
        return false;
    parts.query_inner = data.methods[parts.query_inner_id];
    return true;
}

} // namespace

Napi::Value ApartmentWrap::JS_id(const Napi::CallbackInfo& info)
{
    return Napi::Number::New(info.Env(), apartment_->id());
}

Napi::Value ApartmentWrap::JS_implement(const Napi::CallbackInfo& info)
{
    const Napi::Env env = info.Env();
    AddonData& data = AddonData::Of(env);
    Arguments arguments(info);
    ServedParts parts;
    parts.settler = data.settler;
    parts.ticket = arguments.Uint32(0);
    parts.home = apartment_;
    const std::uint32_t flags = arguments.Uint32(2);
    parts.is_free_threaded = (flags & kFreeThreaded) != 0;
    parts.is_call = (flags & kCall) != 0;
    parts.is_internal = (flags & kInternal) != 0;
    const IID unknown = arguments.Interface(3, parts.unknown_id);
    if (arguments.failed())
        return env.Undefined();
    ObjectRef* const outer = AddonData::Of(env).UnwrapObject(info[4]);
    // Shared with its holder, who keeps it for as long as the new object lives (CALL-08).
    if (outer != nullptr)
        parts.controlling = outer->Share().get();
    if ((outer == nullptr) != info[4].IsNull() || !ReadLayouts(data, info[1], parts)
        || !ReadQueryInner(data, info[5], parts)) {
        Napi::TypeError::New(env, "not an object that can be implemented")
            .ThrowAsJavaScriptException();
        return env.Undefined();
    }
    const bool inner = (flags & kInner) != 0 || parts.layouts.empty();
    const IID iid = inner ? unknown : parts.layouts.front()->iids.front();
    const std::uint32_t id = inner ? parts.unknown_id : parts.layouts.front()->interface_id;
    const auto served = make_counted<ServedObject>(std::move(parts));
    // The first interface of an aggregated object would hold its outer object: only the inner
    // unknown is asked for there.
    com_ptr<IUnknown> pointer(inner ? static_cast<IUnknown*>(served.get()) : served->first());
    const auto reference = make_counted<ObjectRef>(apartment_, std::move(pointer), iid, id);
    return data.WrapObject(env, reference.get());
}

void ApartmentWrap::JS_registerClass(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    const CLSID clsid = arguments.Guid(1);
    ObjectRef* const object = AddonData::Of(info.Env()).UnwrapObject(info[2]);
    const std::uint32_t context = arguments.Uint32(3);
    const std::uint32_t flags = arguments.Uint32(4);
    if (!arguments.failed() && object != nullptr)
        apartment_->Post(new RegisterClassOperation(AddonData::Of(info.Env()).settler, ticket,
            com_ptr<ObjectRef>(object), clsid, context, flags));
}

void ApartmentWrap::JS_revokeClass(const Napi::CallbackInfo& info)
{
    if (info[0].IsExternal())
        apartment_->Post(new RevokeClass(
            com_ptr<RegisteredClass>(info[0].As<Napi::External<RegisteredClass>>().Data())));
}

} // namespace callfactory
