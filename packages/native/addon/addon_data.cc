#include "addon_data.h"

#include "apartment_wrap.h"
#include "call_wrap.h"
#include "guid_text.h"
#include "incoming_wrap.h"
#include "object_wrap.h"

#include <algorithm>

namespace callfactory {

namespace {

//! How long an environment that goes away waits for servers that do not return.
constexpr DWORD kTearDownMs = 1000;

} // namespace

AddonData::AddonData(Napi::Env env)
    : apartment_class_(Napi::Persistent(ApartmentWrap::Define(env)))
    , object_class_(Napi::Persistent(ObjectWrap::Define(env)))
    , call_class_(Napi::Persistent(CallWrap::Define(env)))
    , incoming_class_(Napi::Persistent(IncomingWrap::Define(env)))
{
    apartment_class_.SuppressDestruct();
    object_class_.SuppressDestruct();
    call_class_.SuppressDestruct();
    incoming_class_.SuppressDestruct();
}

Napi::Value AddonData::WrapObject(Napi::Env env, ObjectRef* object)
{
    return object_class_.New({ Napi::External<ObjectRef>::New(env, object) });
}

Napi::Value AddonData::WrapCall(Napi::Env env, ClientCall* call)
{
    return call_class_.New({ Napi::External<ClientCall>::New(env, call) });
}

Napi::Value AddonData::WrapPointerAt(Napi::Env env, const void* place)
{
    if (received == nullptr)
        return WrapObject(env, *static_cast<ObjectRef* const*>(place));
    for (const auto& [where, object] : *received) {
        if (where == place)
            return WrapObject(env, object.get());
    }
    return env.Null();
}

ObjectRef* AddonData::UnwrapObject(Napi::Value value) { return ObjectWrap::RefOf(value); }

std::unique_ptr<CallFrame> AddonData::MakeFrame(Napi::Env env, std::uint32_t method_id) const
{
    if (method_id < methods.size())
        return std::make_unique<CallFrame>(methods[method_id]);
    Napi::TypeError::New(env, "no such method").ThrowAsJavaScriptException();
    return nullptr;
}

std::unique_ptr<CallFrame> AddonData::PackFrame(
    Napi::Env env, std::uint32_t method_id, Napi::Value arguments) const
{
    auto frame = MakeFrame(env, method_id);
    return frame != nullptr && frame->Pack(env, arguments) ? std::move(frame) : nullptr;
}

void AddonData::TearDown() noexcept
{
    if (settler)
        settler->Close();
    for (IncomingWrap* const each : incoming)
        each->Abandon();
    incoming.clear();
    const ULONGLONG due_ms = GetTickCount64() + kTearDownMs;
    for (const auto& each : apartments) {
        if (const auto apartment = each.lock())
            apartment->Stop(nullptr);
    }
    for (const auto& each : apartments) {
        const ULONGLONG now_ms = GetTickCount64();
        if (const auto apartment = each.lock())
            apartment->WaitUntilEnded(static_cast<DWORD>(due_ms - std::min(due_ms, now_ms)));
    }
}

void Arguments::Fail(std::size_t index, const char* expected)
{
    if (!failed_)
        Napi::TypeError::New(
            info_.Env(), "argument " + std::to_string(index + 1) + " must be " + expected)
            .ThrowAsJavaScriptException();
    failed_ = true;
}

std::uint32_t Arguments::Uint32(std::size_t index)
{
    double number = -1;
    if (napi_get_value_double(info_.Env(), info_[index], &number) == napi_ok && number >= 0
        && number <= 0xffffffffu)
        return static_cast<std::uint32_t>(number);
    Fail(index, "an unsigned 32-bit number");
    return 0;
}

IID Arguments::Interface(std::size_t index, std::uint32_t& id)
{
    id = Uint32(index);
    const auto& known = AddonData::Of(info_.Env()).interfaces;
    if (!failed_ && id < known.size())
        return known[id];
    Fail(index, "the number of an interface");
    return {};
}

GUID Arguments::Guid(std::size_t index)
{
    GUID guid{};
    if (!GuidFromJs(info_.Env(), info_[index], guid))
        Fail(index, "a GUID");
    return guid;
}

std::vector<std::uint8_t> Arguments::Bytes(std::size_t index)
{
    const Napi::Value value = info_[index];
    if (!value.IsTypedArray()
        || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
        Fail(index, "a Uint8Array");
        return {};
    }
    const auto bytes = value.As<Napi::Uint8Array>();
    return std::vector<std::uint8_t>(bytes.Data(), bytes.Data() + bytes.ElementLength());
}

std::wstring Arguments::PathOrNull(std::size_t index)
{
    const Napi::Value value = info_[index];
    if (value.IsNull())
        return {};
    if (value.IsString()) {
        const std::u16string text = value.As<Napi::String>().Utf16Value();
        if (!text.empty() && text.find(u'\0') == std::u16string::npos)
            return std::wstring(text.begin(), text.end());
    }
    Fail(index, "a path or null");
    return {};
}

} // namespace callfactory
