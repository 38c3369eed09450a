#include "error_detail.h"

#include "com_ptr.h"
#include "guid_text.h"

#include <oleauto.h>

namespace callfactory {

namespace {

std::u16string TextAt(Napi::Array list, std::uint32_t index)
{
    const Napi::Value value = list.Get(index);
    return value.IsString() ? value.As<Napi::String>().Utf16Value() : std::u16string();
}

//! What a getter of IErrorInfo gives.
std::u16string TextOf(
    IErrorInfo* info, HRESULT (STDMETHODCALLTYPE IErrorInfo::*get)(BSTR*)) noexcept
{
    BSTR text = nullptr;
    if (FAILED((info->*get)(&text)) || text == nullptr)
        return {};
    const auto* const first = reinterpret_cast<const char16_t*>(text);
    std::u16string copy(first, first + SysStringLen(text));
    SysFreeString(text);
    return copy;
}

} // namespace

void PublishError(const ErrorDetail& detail) noexcept
{
    com_ptr<ICreateErrorInfo> create;
    com_ptr<IErrorInfo> info;
    if (detail.given && SUCCEEDED(CreateErrorInfo(create.put()))) {
        const auto text = [](const std::u16string& from) {
            return reinterpret_cast<LPOLESTR>(const_cast<char16_t*>(from.c_str()));
        };
        create->SetGUID(detail.iid);
        create->SetDescription(text(detail.description));
        create->SetSource(text(detail.source));
        create->SetHelpFile(text(detail.help_file));
        create->SetHelpContext(detail.help_context);
        create->QueryInterface(__uuidof(IErrorInfo), info.put_void());
    }
    SetErrorInfo(0, info.get());
}

ErrorDetail CollectError(IUnknown* object, REFIID iid) noexcept
{
    ErrorDetail detail;
    com_ptr<ISupportErrorInfo> support;
    if (FAILED(object->QueryInterface(__uuidof(ISupportErrorInfo), support.put_void()))
        || support->InterfaceSupportsErrorInfo(iid) != S_OK)
        return detail;
    com_ptr<IErrorInfo> info;
    if (GetErrorInfo(0, info.put()) != S_OK || !info)
        return detail;
    detail.given = true;
    detail.description = TextOf(info.get(), &IErrorInfo::GetDescription);
    detail.source = TextOf(info.get(), &IErrorInfo::GetSource);
    detail.help_file = TextOf(info.get(), &IErrorInfo::GetHelpFile);
    DWORD help_context = 0;
    if (SUCCEEDED(info->GetHelpContext(&help_context)))
        detail.help_context = help_context;
    info->GetGUID(&detail.iid);
    return detail;
}

ErrorDetail ErrorDetailOf(Napi::Env env, Napi::Value value)
{
    ErrorDetail detail;
    if (!value.IsArray())
        return detail;
    const auto list = value.As<Napi::Array>();
    detail.given = true;
    detail.description = TextAt(list, 0);
    detail.source = TextAt(list, 1);
    detail.help_file = TextAt(list, 2);
    const Napi::Value context = list.Get(3u);
    if (context.IsNumber())
        detail.help_context = context.As<Napi::Number>().Uint32Value();
    GuidFromJs(env, list.Get(4u), detail.iid);
    return detail;
}

Napi::Value ErrorDetailToJs(Napi::Env env, const ErrorDetail& detail)
{
    Napi::Array list = Napi::Array::New(env, 5);
    const auto set = [&](std::uint32_t index, const std::u16string& text) {
        list.Set(index, text.empty() ? env.Undefined() : Napi::String::New(env, text));
    };
    set(0, detail.description);
    set(1, detail.source);
    set(2, detail.help_file);
    if (detail.help_context != 0)
        list.Set(3u, Napi::Number::New(env, detail.help_context));
    if (detail.iid != GUID{})
        list.Set(4u, GuidToJs(env, detail.iid));
    return list;
}

} // namespace callfactory
