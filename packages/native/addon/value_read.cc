#include "addon_data.h"
#include "object_ref.h"
#include "value_convert.h"
#include "value_memory.h"
#include "value_scalars.h"

#include <algorithm>
#include <cstring>

namespace callfactory {

namespace {

//! The typed arrays that hold the elements of `element`: of its kind, whatever their sign.
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

bool ReadTypedArray(Napi::Env env, Napi::TypedArray typed, const TypeNode& element, void* elements,
    std::uint64_t count) noexcept
{
    if (!FitsTypedArray(element, typed.TypedArrayType())
        || typed.ElementSize() != element.size_bytes)
        return false;
    // Straight from the view: its buffer may be shared, which is no ArrayBuffer.
    void* data = nullptr;
    if (napi_get_typedarray_info(env, typed, nullptr, nullptr, &data, nullptr, nullptr) != napi_ok)
        return false;
    if (count != 0)
        std::memcpy(elements, data, static_cast<std::size_t>(count * element.size_bytes));
    return true;
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

bool ValueReader::Read(
    const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    switch (type.kind) {
    case TypeKind::kStruct:
        // The counts of an open one are in its memory already.
        return (type.is_open || ReadMembers(scope, type, value, place, Members::kNamed))
            && ReadMembers(scope, type, value, place, Members::kOthers);
    case TypeKind::kArray:
        return ReadElements(scope, type, value, place);
    case TypeKind::kPointer:
        return ReadPointer(scope, type, value, place);
    case TypeKind::kInterface:
        return value.IsNull() || ReadInterface(env_, value, place);
    case TypeKind::kUnion:
        return ReadUnion(scope, type, value, place);
    case TypeKind::kChars:
        return ReadChars(scope, type, value, place);
    default:
        return ReadScalar(env_, type, value, place);
    }
}

bool ValueReader::Member(Napi::Value object, const char* name, Napi::Value& member) noexcept
{
    member = object.As<Napi::Object>().Get(name);
    return !env_.IsExceptionPending();
}

//! Reads the members that extents name, or the others, which may depend on them.
bool ValueReader::ReadMembers(const Scope& scope, const TypeNode& type, Napi::Value value,
    void* place, Members which) noexcept
{
    if (!value.IsObject())
        return false;
    const Scope inside = scope.Inside(type, place);
    for (const StructField& field : type.fields) {
        if (field.is_named != (which == Members::kNamed))
            continue;
        Napi::HandleScope handles(env_);
        Napi::Value member;
        if (!Member(value, field.name.c_str(), member)
            || !Read(inside, scope.node(field.node), member,
                static_cast<std::byte*>(place) + field.offset_bytes))
            return false;
    }
    return true;
}

//! The tag stands before the arm, or is what switch_is says.
bool ValueReader::ReadUnion(
    const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    Napi::Value tag;
    Napi::Value inner;
    const TypeNode& discriminant = scope.node(type.target);
    std::uint64_t given_bits = 0;
    if (!value.IsObject() || !Member(value, "tag", tag)
        || !ReadScalar(env_, discriminant, tag, &given_bits))
        return false;
    std::int64_t given = 0;
    std::int64_t actual = 0;
    LoadInteger(scope.method(), discriminant, &given_bits, given);
    const TypeNode* arm = nullptr;
    if (!scope.ArmOf(type, given, arm))
        return false;
    // The callee would take the arm for another one.
    if (type.switch_is == kNone)
        std::memcpy(place, &given_bits, discriminant.size_bytes);
    else if (!scope.Find(type.switch_is, actual) || actual != given)
        return false;
    if (arm == nullptr)
        return true;
    return Member(value, "value", inner)
        && Read(scope, *arm, inner, static_cast<std::byte*>(place) + type.arm_offset_bytes);
}

bool ValueReader::ReadElements(
    const Scope& scope, const TypeNode& array, Napi::Value value, void* elements) noexcept
{
    const TypeNode& element = scope.node(array.target);
    std::uint32_t length = 0;
    Extent extent;
    if (!LengthOf(value, length) || !scope.ExtentOf(array, extent) || extent.visible > extent.size
        || length < extent.visible)
        return false;
    if (value.IsTypedArray())
        return ReadTypedArray(
            env_, value.As<Napi::TypedArray>(), element, elements, extent.visible);
    const std::uint64_t stride = scope.StrideOf(array);
    auto* place = static_cast<std::byte*>(elements);
    for (std::uint32_t i = 0; i < extent.visible; i++, place += stride) {
        Napi::HandleScope handles(env_);
        const Napi::Value each = value.As<Napi::Array>().Get(i);
        if (env_.IsExceptionPending() || !Read(scope, element, each, place))
            return false;
    }
    return true;
}

bool ValueReader::ReadChars(
    const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    // Without a size the memory was made to measure.
    std::uint64_t room = kTooLarge;
    if (type.bound.length != kNone || type.bound.size != kNone)
        room = scope.KnownExtentOf(type).size;
    return ReadText(env_, value, type.align_bytes, place, room);
}

} // namespace callfactory
