#include "addon_data.h"
#include "guid_text.h"
#include "object_ref.h"
#include "value_convert.h"
#include "value_memory.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <oleauto.h>

namespace callfactory {

namespace {

bool ReadInt(Napi::Env env, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    double number = 0;
    if (napi_get_value_double(env, value, &number) != napi_ok || std::trunc(number) != number)
        return false;
    const double span = std::ldexp(1.0, static_cast<int>(type.size_bytes) * 8);
    const double least = type.is_signed ? -span / 2 : 0;
    if (!(number >= least && number < least + span))
        return false;
    const auto bits = static_cast<std::int64_t>(number);
    std::memcpy(place, &bits, type.size_bytes);
    return true;
}

bool ReadHyper(Napi::Env env, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    bool lossless = false;
    const napi_status status = type.is_signed
        ? napi_get_value_bigint_int64(env, value, static_cast<std::int64_t*>(place), &lossless)
        : napi_get_value_bigint_uint64(env, value, static_cast<std::uint64_t*>(place), &lossless);
    return status == napi_ok && lossless;
}

bool ReadFloat(Napi::Env env, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    double number = 0;
    if (napi_get_value_double(env, value, &number) != napi_ok)
        return false;
    const auto narrow = static_cast<float>(number);
    if (type.size_bytes == sizeof(float))
        std::memcpy(place, &narrow, sizeof(float));
    else
        std::memcpy(place, &number, sizeof(double));
    return true;
}

bool ReadBool(Napi::Env env, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    bool truth = false;
    if (napi_get_value_bool(env, value, &truth) != napi_ok)
        return false;
    const std::uint32_t bits = truth ? type.true_bits : 0;
    std::memcpy(place, &bits, std::min(type.size_bytes, 4u));
    return true;
}

//! An LPWSTR ends at its first NUL, so it must not contain one.
bool ReadString(Napi::Env env, Napi::Value value, void* place) noexcept
{
    std::size_t length = 0;
    if (napi_get_value_string_utf16(env, value, nullptr, 0, &length) != napi_ok)
        return false;
    auto* text = static_cast<char16_t*>(AllocateZeroed((length + 1) * sizeof(char16_t)));
    *static_cast<void**>(place) = text;
    return text != nullptr
        && napi_get_value_string_utf16(env, value, text, length + 1, &length) == napi_ok
        && std::char_traits<char16_t>::find(text, length, u'\0') == nullptr;
}

bool ReadBstr(Napi::Env env, Napi::Value value, void* place) noexcept
{
    std::size_t length = 0;
    if (napi_get_value_string_utf16(env, value, nullptr, 0, &length) != napi_ok
        || length > kMaxArrayBytes)
        return false;
    const BSTR text = SysAllocStringLen(nullptr, static_cast<UINT>(length));
    *static_cast<void**>(place) = text;
    return text != nullptr
        && napi_get_value_string_utf16(
               env, value, reinterpret_cast<char16_t*>(text), length + 1, &length)
        == napi_ok;
}

bool ReadStruct(Napi::Env env, const MethodSignature& method, const TypeNode& type,
    Napi::Value value, void* place) noexcept
{
    if (!value.IsObject())
        return false;
    for (const StructField& field : type.fields) {
        Napi::HandleScope scope(env);
        const Napi::Value member = value.As<Napi::Object>().Get(field.name);
        if (env.IsExceptionPending()
            || !ReadValue(env, method, method.node(field.node), member,
                static_cast<std::byte*>(place) + field.offset_bytes, 0))
            return false;
    }
    return true;
}

bool ReadPointer(Napi::Env env, const MethodSignature& method, const TypeNode& type,
    Napi::Value value, void* place, std::uint32_t count) noexcept
{
    const TypeNode& target = method.node(type.target);
    if (value.IsNull())
        return !type.is_ref;
    void* const memory = AllocateZeroed(TargetBytes(method, target, count));
    *static_cast<void**>(place) = memory;
    return memory != nullptr && ReadValue(env, method, target, value, memory, count);
}

bool ReadInterface(Napi::Env env, Napi::Value value, void* place) noexcept
{
    ObjectRef* const object = AddonData::Of(env).UnwrapObject(value);
    if (object == nullptr)
        return false;
    object->AddRef();
    *static_cast<void**>(place) = object;
    return true;
}

//! The typed array that holds numbers of `element`; false when they go into a plain array.
bool FitsTypedArray(const TypeNode& element, napi_typedarray_type type) noexcept
{
    switch (type) {
    case napi_int8_array:
    case napi_uint8_array:
    case napi_int16_array:
    case napi_uint16_array:
    case napi_int32_array:
    case napi_uint32_array:
        return element.kind == TypeKind::kInt;
    case napi_float32_array:
    case napi_float64_array:
        return element.kind == TypeKind::kFloat;
    case napi_bigint64_array:
    case napi_biguint64_array:
        return element.kind == TypeKind::kHyper;
    default:
        return false;
    }
}

} // namespace

bool LengthOf(Napi::Value value, std::uint32_t& length) noexcept
{
    if (value.IsTypedArray()) {
        const std::size_t elements = value.As<Napi::TypedArray>().ElementLength();
        length = static_cast<std::uint32_t>(elements);
        return elements <= kMaxArrayBytes;
    }
    if (!value.IsArray())
        return false;
    length = value.As<Napi::Array>().Length();
    return true;
}

bool ReadElements(Napi::Env env, const MethodSignature& method, const TypeNode& array,
    Napi::Value value, void* elements, std::uint64_t count) noexcept
{
    const TypeNode& element = method.node(array.target);
    std::uint32_t length = 0;
    if (!LengthOf(value, length) || length < count)
        return false;
    if (value.IsTypedArray()) {
        const auto typed = value.As<Napi::TypedArray>();
        if (!FitsTypedArray(element, typed.TypedArrayType())
            || typed.ElementSize() != element.size_bytes)
            return false;
        // Straight from the view: its buffer may be shared, which is no ArrayBuffer.
        void* data = nullptr;
        if (napi_get_typedarray_info(env, typed, nullptr, nullptr, &data, nullptr, nullptr)
            != napi_ok)
            return false;
        if (count != 0)
            std::memcpy(elements, data, static_cast<std::size_t>(count * element.size_bytes));
        return true;
    }
    auto* place = static_cast<std::byte*>(elements);
    for (std::uint32_t i = 0; i < count; i++, place += element.size_bytes) {
        Napi::HandleScope scope(env);
        const Napi::Value each = value.As<Napi::Array>().Get(i);
        if (env.IsExceptionPending() || !ReadValue(env, method, element, each, place, 0))
            return false;
    }
    return true;
}

bool ReadValue(Napi::Env env, const MethodSignature& method, const TypeNode& type,
    Napi::Value value, void* place, std::uint32_t count) noexcept
{
    switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kEnum:
        return ReadInt(env, type, value, place);
    case TypeKind::kHyper:
        return ReadHyper(env, type, value, place);
    case TypeKind::kFloat:
        return ReadFloat(env, type, value, place);
    case TypeKind::kBool:
        return ReadBool(env, type, value, place);
    case TypeKind::kGuid:
        return GuidFromJs(env, value, *static_cast<GUID*>(place));
    case TypeKind::kString:
        return value.IsNull() || ReadString(env, value, place);
    case TypeKind::kBstr:
        return value.IsNull() || ReadBstr(env, value, place);
    case TypeKind::kStruct:
        return ReadStruct(env, method, type, value, place);
    case TypeKind::kArray:
        return ReadElements(env, method, type, value, place, ElementCount(type, count));
    case TypeKind::kPointer:
        return ReadPointer(env, method, type, value, place, count);
    case TypeKind::kInterface:
        return value.IsNull() || ReadInterface(env, value, place);
    }
    return false;
}

} // namespace callfactory
