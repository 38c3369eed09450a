#include "addon_data.h"
#include "guid_text.h"
#include "object_ref.h"
#include "value_convert.h"
#include "value_memory.h"

#include <algorithm>
#include <cstring>
#include <oleauto.h>

namespace callfactory {

namespace {

template <class T> T Load(const void* place) noexcept
{
    T value;
    std::memcpy(&value, place, sizeof(T));
    return value;
}

//! The number at `place`; each branch on its own, lest signed and unsigned meet in one type.
double LoadInt(const TypeNode& type, const void* place) noexcept
{
    switch (type.size_bytes) {
    case 1:
        return type.is_signed ? static_cast<double>(Load<std::int8_t>(place))
                              : Load<std::uint8_t>(place);
    case 2:
        return type.is_signed ? static_cast<double>(Load<std::int16_t>(place))
                              : Load<std::uint16_t>(place);
    default:
        return type.is_signed ? static_cast<double>(Load<std::int32_t>(place))
                              : Load<std::uint32_t>(place);
    }
}

bool LoadBool(const TypeNode& type, const void* place) noexcept
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, place, std::min(type.size_bytes, 4u));
    return bits != 0;
}

Napi::Value WriteText(Napi::Env env, const void* text, std::size_t length)
{
    return Napi::String::New(env, static_cast<const char16_t*>(text), length);
}

Napi::Value WriteStruct(
    Napi::Env env, const MethodSignature& method, const TypeNode& type, const void* place)
{
    Napi::Object object = Napi::Object::New(env);
    for (const StructField& field : type.fields) {
        object.Set(field.name,
            WriteValue(env, method, method.node(field.node),
                static_cast<const std::byte*>(place) + field.offset_bytes, 0));
    }
    return object;
}

//! The typed array for numbers of `element`; false when they go into a plain array.
bool TypedArrayOf(const TypeNode& element, napi_typedarray_type& type) noexcept
{
    const bool is_signed = element.is_signed;
    switch (element.kind) {
    case TypeKind::kInt:
        if (element.size_bytes == 1)
            type = is_signed ? napi_int8_array : napi_uint8_array;
        else if (element.size_bytes == 2)
            type = is_signed ? napi_int16_array : napi_uint16_array;
        else
            type = is_signed ? napi_int32_array : napi_uint32_array;
        return true;
    case TypeKind::kHyper:
        type = is_signed ? napi_bigint64_array : napi_biguint64_array;
        return true;
    case TypeKind::kFloat:
        type = element.size_bytes == 4 ? napi_float32_array : napi_float64_array;
        return true;
    default:
        return false;
    }
}

} // namespace

Napi::Value WriteElements(Napi::Env env, const MethodSignature& method, const TypeNode& array,
    const void* elements, std::uint64_t count)
{
    const TypeNode& element = method.node(array.target);
    napi_typedarray_type type;
    if (TypedArrayOf(element, type)) {
        // Copied into V8's own memory: Electron refuses external array buffers.
        const auto bytes = static_cast<std::size_t>(count * element.size_bytes);
        Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, bytes);
        // Empty also without an exception, when the environment is being torn down.
        if (buffer.IsEmpty())
            return env.Undefined();
        if (bytes != 0)
            std::memcpy(buffer.Data(), elements, bytes);
        napi_value typed = nullptr;
        napi_create_typedarray(env, type, static_cast<std::size_t>(count), buffer, 0, &typed);
        return Napi::Value(env, typed);
    }
    Napi::Array plain = Napi::Array::New(env, static_cast<std::size_t>(count));
    const auto* place = static_cast<const std::byte*>(elements);
    for (std::uint32_t i = 0; i < count; i++, place += element.size_bytes) {
        Napi::HandleScope scope(env);
        plain.Set(i, WriteValue(env, method, element, place, 0));
    }
    return plain;
}

Napi::Value WriteValue(Napi::Env env, const MethodSignature& method, const TypeNode& type,
    const void* place, std::uint32_t count)
{
    const bool is_pointer = type.size_bytes == sizeof(void*) && type.owns;
    const void* const pointer = is_pointer ? *static_cast<void* const*>(place) : nullptr;
    switch (type.kind) {
    case TypeKind::kInt:
    case TypeKind::kEnum:
        return Napi::Number::New(env, LoadInt(type, place));
    case TypeKind::kHyper:
        return type.is_signed ? Napi::BigInt::New(env, Load<std::int64_t>(place))
                              : Napi::BigInt::New(env, Load<std::uint64_t>(place));
    case TypeKind::kFloat:
        return Napi::Number::New(
            env, type.size_bytes == 4 ? Load<float>(place) : Load<double>(place));
    case TypeKind::kBool:
        return Napi::Boolean::New(env, LoadBool(type, place));
    case TypeKind::kGuid:
        return GuidToJs(env, Load<GUID>(place));
    case TypeKind::kString:
        if (pointer == nullptr)
            return env.Null();
        return WriteText(env, pointer, wcslen(static_cast<const wchar_t*>(pointer)));
    case TypeKind::kBstr:
        if (pointer == nullptr)
            return env.Null();
        return WriteText(env, pointer, SysStringLen(static_cast<BSTR>(const_cast<void*>(pointer))));
    case TypeKind::kStruct:
        return WriteStruct(env, method, type, place);
    case TypeKind::kArray:
        return WriteElements(env, method, type, place, ElementCount(type, count));
    case TypeKind::kPointer:
        if (pointer == nullptr)
            return env.Null();
        return WriteValue(env, method, method.node(type.target), pointer, count);
    case TypeKind::kInterface:
        if (pointer == nullptr)
            return env.Null();
        return AddonData::Of(env).WrapPointerAt(env, place);
    }
    return env.Undefined();
}

} // namespace callfactory
