#include "addon_data.h"
#include "value_convert.h"
#include "value_scalars.h"

#include <cstring>

namespace callfactory {

ValueWriter::ValueWriter(Napi::Env env, const MethodSignature& method)
    : env_(env)
{
    if (method.has_shared_targets)
        made_ = Napi::Array::New(env);
}

Napi::Value ValueWriter::Write(const Scope& scope, const TypeNode& type, const void* place)
{
    void* pointer = nullptr;
    if (type.kind == TypeKind::kPointer || type.kind == TypeKind::kInterface)
        std::memcpy(&pointer, place, sizeof(pointer));
    switch (type.kind) {
    case TypeKind::kStruct:
        return WriteStruct(scope, type, place);
    case TypeKind::kArray:
        return WriteElements(scope, type, place);
    case TypeKind::kPointer:
        return pointer == nullptr ? env_.Null() : WriteTarget(scope, type, pointer);
    case TypeKind::kInterface:
        if (pointer == nullptr)
            return env_.Null();
        return AddonData::Of(env_).WrapPointerAt(env_, place);
    case TypeKind::kUnion:
        return WriteUnion(scope, type, place);
    case TypeKind::kChars:
        return WriteChars(scope, type, place);
    default:
        return WriteScalar(env_, type, place);
    }
}

Napi::Value ValueWriter::WriteStruct(const Scope& scope, const TypeNode& type, const void* place)
{
    Napi::Object object = Napi::Object::New(env_);
    Made(object);
    const Scope inside = scope.Inside(type, place);
    for (const StructField& field : type.fields) {
        Napi::HandleScope handles(env_);
        object.Set(field.name,
            Write(inside, scope.node(field.node),
                static_cast<const std::byte*>(place) + field.offset_bytes));
    }
    return object;
}

//! A tag without an arm is what NDR refuses as well.
Napi::Value ValueWriter::WriteUnion(const Scope& scope, const TypeNode& type, const void* place)
{
    Napi::Object object = Napi::Object::New(env_);
    Made(object);
    std::int64_t tag = 0;
    const TypeNode* arm = nullptr;
    if (!scope.TagOf(type, place, tag) || !scope.ArmOf(type, tag, arm)) {
        failed_ = true;
        return object;
    }
    const TypeNode& discriminant = scope.node(type.target);
    if (discriminant.kind == TypeKind::kHyper)
        object.Set("tag", WriteScalar(env_, discriminant, &tag));
    else if (discriminant.kind == TypeKind::kBool)
        object.Set("tag", Napi::Boolean::New(env_, tag != 0));
    else
        object.Set("tag", Napi::Number::New(env_, static_cast<double>(tag)));
    const void* const inner = static_cast<const std::byte*>(place) + type.arm_offset_bytes;
    object.Set("value", arm == nullptr ? env_.Undefined() : Write(scope, *arm, inner));
    return object;
}

Napi::Value ValueWriter::WriteTarget(const Scope& scope, const TypeNode& type, const void* target)
{
    const bool may_share = type.pointer == PointerKind::kFull;
    const Target key{ target, type.target };
    if (may_share) {
        const auto known = places_.find(key);
        if (known != places_.end())
            return made_.Get(known->second);
    }
    // So deep only lists are, or what a callee has tied into a ring.
    if (depth_ == kMaxNesting || failed_) {
        failed_ = true;
        return env_.Undefined();
    }
    depth_++;
    if (may_share)
        awaited_.push_back(key);
    const Napi::Value value = Write(scope.Behind(), scope.node(type.target), target);
    // Of a number or a string nothing was made that could be shared.
    if (may_share && !value.IsObject())
        awaited_.clear();
    depth_--;
    return value;
}

void ValueWriter::Made(Napi::Value object)
{
    for (const Target& key : awaited_) {
        const auto index = static_cast<std::uint32_t>(places_.size());
        if (places_.emplace(key, index).second)
            made_.Set(index, object);
    }
    awaited_.clear();
}

Napi::Value ValueWriter::WriteElements(
    const Scope& scope, const TypeNode& array, const void* elements)
{
    const TypeNode& element = scope.node(array.target);
    const std::uint64_t count = scope.KnownExtentOf(array).visible;
    napi_typedarray_type type;
    if (TypedArrayOf(element, type)) {
        // Copied into V8's own memory: Electron refuses external array buffers.
        const auto bytes = static_cast<std::size_t>(count * element.size_bytes);
        Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env_, bytes);
        // Empty also without an exception, when the environment is being torn down.
        if (buffer.IsEmpty())
            return env_.Undefined();
        if (bytes != 0)
            std::memcpy(buffer.Data(), elements, bytes);
        napi_value typed = nullptr;
        napi_create_typedarray(env_, type, static_cast<std::size_t>(count), buffer, 0, &typed);
        const Napi::Value value(env_, typed);
        Made(value);
        return value;
    }
    Napi::Array plain = Napi::Array::New(env_, static_cast<std::size_t>(count));
    Made(plain);
    const std::uint64_t stride = scope.StrideOf(array);
    const auto* place = static_cast<const std::byte*>(elements);
    for (std::uint32_t i = 0; i < count; i++, place += stride) {
        Napi::HandleScope handles(env_);
        plain.Set(i, Write(scope, element, place));
    }
    return plain;
}

Napi::Value ValueWriter::WriteChars(const Scope& scope, const TypeNode& type, const void* place)
{
    std::uint64_t room = kTooLarge;
    if (type.bound.length != kNone || type.bound.size != kNone)
        room = scope.KnownExtentOf(type).size;
    const std::uint64_t length = LengthOfChars(type.align_bytes, place, room);
    return WriteText(env_, type.align_bytes, place, length);
}

} // namespace callfactory
