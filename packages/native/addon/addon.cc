#include "addon_data.h"
#include "apartment_wrap.h"
#include "guid_text.h"
#include "vtable_implement.h"

namespace callfactory {

namespace {

void JS_configure(const Napi::CallbackInfo& info)
{
    AddonData& data = AddonData::Of(info.Env());
    if (data.settler || !info[0].IsFunction()) {
        Napi::TypeError::New(info.Env(), "configure takes one function, once")
            .ThrowAsJavaScriptException();
        return;
    }
    data.settler = JsSettler::Create(info.Env(), info[0].As<Napi::Function>());
    if (!data.settler)
        Napi::Error::New(info.Env(), "no thread-safe function").ThrowAsJavaScriptException();
    // After the thread-safe function's own hook, so before it: hooks run last first.
    info.Env().AddCleanupHook([data = &data] { data->TearDown(); });
}

Napi::Value JS_openApartment(const Napi::CallbackInfo& info)
{
    if (AddonData::Of(info.Env()).settler)
        return ApartmentWrap::Open(info);
    Napi::TypeError::New(info.Env(), "configure first").ThrowAsJavaScriptException();
    return info.Env().Undefined();
}

Napi::Value JS_defineInterface(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const IID iid = arguments.Guid(0);
    if (arguments.failed())
        return info.Env().Undefined();
    auto& interfaces = AddonData::Of(info.Env()).interfaces;
    interfaces.push_back(iid);
    return Napi::Number::New(info.Env(), static_cast<double>(interfaces.size() - 1));
}

std::vector<std::string> StringsOf(Napi::Array list)
{
    std::vector<std::string> strings;
    for (std::uint32_t i = 0; i < list.Length(); i++)
        strings.push_back(list.Get(i).ToString().Utf8Value());
    return strings;
}

bool ResolveInterfaces(MethodSignature& method, const std::vector<IID>& interfaces)
{
    for (TypeNode& node : method.nodes) {
        if (node.kind != TypeKind::kInterface)
            continue;
        if (node.interface_id >= interfaces.size())
            return false;
        node.iid = interfaces[node.interface_id];
    }
    return true;
}

Napi::Value JS_defineMethod(const Napi::CallbackInfo& info)
{
    const Napi::Env env = info.Env();
    const bool shaped = info[0].IsString() && info[1].IsTypedArray() && info[2].IsArray()
        && info[1].As<Napi::TypedArray>().TypedArrayType() == napi_int32_array;
    auto method = std::make_shared<MethodSignature>();
    AddonData& data = AddonData::Of(env);
    if (shaped) {
        // First of all: a getter among the names may detach the words.
        const auto names = StringsOf(info[2].As<Napi::Array>());
        const auto words = info[1].As<Napi::Int32Array>();
        const bool compiled = CompileMethod(info[0].As<Napi::String>().Utf8Value(), words.Data(),
            words.ElementLength(), names, *method);
        if (compiled && ResolveInterfaces(*method, data.interfaces)) {
            data.methods.push_back(std::move(method));
            return Napi::Number::New(env, static_cast<double>(data.methods.size() - 1));
        }
    }
    Napi::TypeError::New(env, "not a method that can be called").ThrowAsJavaScriptException();
    return env.Undefined();
}

//! defineVtable(interface, bases, methods): the methods by slot, after IUnknown's three; -1 for one
//! that cannot be described.
Napi::Value JS_defineVtable(const Napi::CallbackInfo& info)
{
    const Napi::Env env = info.Env();
    AddonData& data = AddonData::Of(env);
    Arguments arguments(info);
    auto layout = std::make_shared<VtableLayout>();
    layout->iids.push_back(arguments.Interface(0, layout->interface_id));
    if (arguments.failed())
        return env.Undefined();
    const auto numbers = [&](std::size_t index) {
        std::vector<std::int64_t> list;
        if (info[index].IsArray()) {
            const auto array = info[index].As<Napi::Array>();
            for (std::uint32_t i = 0; i < array.Length(); i++)
                list.push_back(array.Get(i).ToNumber().Int64Value());
        }
        return list;
    };
    for (const std::int64_t base : numbers(1)) {
        if (base >= 0 && static_cast<std::size_t>(base) < data.interfaces.size())
            layout->iids.push_back(data.interfaces[static_cast<std::size_t>(base)]);
    }
    for (const std::int64_t id : numbers(2)) {
        const bool known = id >= 0 && static_cast<std::size_t>(id) < data.methods.size();
        layout->methods.push_back(known ? data.methods[static_cast<std::size_t>(id)] : nullptr);
        layout->method_ids.push_back(static_cast<std::uint32_t>(id));
    }
    if (!BuildVtable(*layout)) {
        Napi::TypeError::New(env, "an interface with so many methods cannot be implemented")
            .ThrowAsJavaScriptException();
        return env.Undefined();
    }
    data.vtables.push_back(std::move(layout));
    return Napi::Number::New(env, static_cast<double>(data.vtables.size() - 1));
}

void JS_hold(const Napi::CallbackInfo& info)
{
    if (const auto& settler = AddonData::Of(info.Env()).settler)
        settler->Hold(info.Env());
}

void JS_unhold(const Napi::CallbackInfo& info)
{
    if (const auto& settler = AddonData::Of(info.Env()).settler)
        settler->Unhold(info.Env());
}

Napi::Value JS_counters(const Napi::CallbackInfo& info)
{
    Napi::Object object = Napi::Object::New(info.Env());
    const auto set = [&](const char* name, const std::atomic<std::int64_t>& counter) {
        object.Set(name, static_cast<double>(counter.load(std::memory_order_relaxed)));
    };
    set("objects", counters.objects);
    set("calls", counters.calls);
    set("outers", counters.outers);
    set("served", counters.served);
    set("buffers", counters.buffers);
    set("tasks", counters.tasks);
    set("threads", counters.threads);
    set("environments", counters.environments);
    return object;
}

//! Apartment threads may outlast the environment that started them, so their code must stay.
void PinModule() noexcept
{
    HMODULE module = nullptr;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
        reinterpret_cast<LPCWSTR>(&PinModule), &module);
}

Napi::Object Init(Napi::Env env, Napi::Object exports)
{
    PinModule();
    env.SetInstanceData(new AddonData(env));
    exports.Set("configure", Napi::Function::New<JS_configure>(env, "configure"));
    exports.Set("openApartment", Napi::Function::New<JS_openApartment>(env, "openApartment"));
    exports.Set("defineInterface", Napi::Function::New<JS_defineInterface>(env, "defineInterface"));
    exports.Set("defineMethod", Napi::Function::New<JS_defineMethod>(env, "defineMethod"));
    exports.Set("defineVtable", Napi::Function::New<JS_defineVtable>(env, "defineVtable"));
    exports.Set("hold", Napi::Function::New<JS_hold>(env, "hold"));
    exports.Set("unhold", Napi::Function::New<JS_unhold>(env, "unhold"));
    exports.Set("counters", Napi::Function::New<JS_counters>(env, "counters"));
    return exports;
}

} // namespace

NODE_API_MODULE(callfactory, Init)

} // namespace callfactory
