#include "value_scalars.h"

#include "guid_text.h"
#include "value_memory.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <oleauto.h>

namespace callfactory {

namespace {

constexpr std::uint32_t kWide = sizeof(char16_t);

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
    std::int64_t bits = 0;
    const napi_status status = type.is_signed
        ? napi_get_value_bigint_int64(env, value, &bits, &lossless)
        : napi_get_value_bigint_uint64(
            env, value, reinterpret_cast<std::uint64_t*>(&bits), &lossless);
    std::memcpy(place, &bits, sizeof(bits));
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

bool ReadBstr(Napi::Env env, Napi::Value value, void* place) noexcept
{
    std::size_t length = 0;
    if (!TextLengthOf(env, value, length) || length > kMaxArrayBytes)
        return false;
    const BSTR text = SysAllocStringLen(nullptr, static_cast<UINT>(length));
    *static_cast<void**>(place) = text;
    return text != nullptr
        && napi_get_value_string_utf16(
               env, value, reinterpret_cast<char16_t*>(text), length + 1, &length)
        == napi_ok;
}

bool ReadString(Napi::Env env, Napi::Value value, void* place) noexcept
{
    std::size_t length = 0;
    if (!TextLengthOf(env, value, length))
        return false;
    void* const text = AllocateZeroed((std::uint64_t{ length } + 1) * sizeof(char16_t));
    *static_cast<void**>(place) = text;
    return text != nullptr && ReadText(env, value, kWide, text, length + 1);
}

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

} // namespace

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

bool ReadScalar(Napi::Env env, const TypeNode& type, Napi::Value value, void* place) noexcept
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
    default:
        return false;
    }
}

Napi::Value WriteScalar(Napi::Env env, const TypeNode& type, const void* place)
{
    const bool is_pointer = type.kind == TypeKind::kString || type.kind == TypeKind::kBstr;
    void* const pointer = is_pointer ? Load<void*>(place) : nullptr;
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
        return WriteText(env, kWide, pointer, LengthOfChars(kWide, pointer, kTooLarge));
    case TypeKind::kBstr:
        if (pointer == nullptr)
            return env.Null();
        return WriteText(env, kWide, pointer, SysStringLen(static_cast<BSTR>(pointer)));
    default:
        return env.Undefined();
    }
}

} // namespace callfactory
