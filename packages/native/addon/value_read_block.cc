#include "value_convert.h"
#include "value_memory.h"
#include "value_scalars.h"

#include <cstring>
#include <vector>

// What the reader does behind pointers.

namespace callfactory {

ValueReader::ValueReader(Napi::Env env, const MethodSignature& method)
    : env_(env)
{
    if (method.has_shared_targets)
        map_ = env.Global().Get("Map").As<Napi::Function>().New({});
}

bool ValueReader::ReadPointer(
    const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    void*& block = *static_cast<void**>(place);
    if (value.IsNull())
        return type.pointer != PointerKind::kRef;
    // Numbers and strings have no identity: each pointer has its own.
    const bool may_share = type.pointer == PointerKind::kFull && value.IsObject();
    std::size_t known = 0;
    if (may_share && !FindShared(value, type.target, block, known))
        return false;
    if (block != nullptr)
        return true;
    if (depth_ == kMaxNesting)
        return false;
    depth_++;
    const TypeNode& target = scope.node(type.target);
    const Scope behind = scope.Behind();
    bool fits = Allocate(behind, target, value, block);
    // Before it is read: the value may lead back to itself.
    if (fits && may_share)
        shared_[known].push_back({ type.target, block });
    fits = fits && Read(behind, target, value, block);
    depth_--;
    return fits;
}

bool ValueReader::ReadBlock(
    const Scope& scope, const TypeNode& type, Napi::Value value, void*& block) noexcept
{
    return Allocate(scope, type, value, block) && Read(scope, type, value, block);
}

//! Makes memory of the size that the value needs; of an open structure, with its counts in it.
bool ValueReader::Allocate(
    const Scope& scope, const TypeNode& type, Napi::Value value, void*& block) noexcept
{
    std::uint64_t bytes = type.size_bytes;
    std::size_t length = 0;
    if (type.kind == TypeKind::kStruct && type.is_open)
        return AllocateOpen(scope, type, value, block);
    if (type.kind == TypeKind::kChars && type.is_open && type.bound.size == kNone) {
        if (!TextLengthOf(env_, value, length))
            return false;
        bytes = (std::uint64_t{ length } + 1) * type.align_bytes;
    } else if (type.is_open) {
        bytes = scope.BytesOf(type, nullptr);
    }
    block = AllocateZeroed(bytes);
    return block != nullptr;
}

//! The counts of an open structure come first, into memory that is large enough for them.
bool ValueReader::AllocateOpen(
    const Scope& scope, const TypeNode& type, Napi::Value value, void*& block) noexcept
{
    std::vector<std::byte> counts(type.size_bytes);
    if (!ReadCounts(scope, type, value, counts.data()))
        return false;
    block = AllocateZeroed(scope.BytesOf(type, counts.data()));
    if (block != nullptr)
        std::memcpy(block, counts.data(), counts.size());
    return block != nullptr;
}

bool ValueReader::ReadCounts(
    const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept
{
    if (!ReadMembers(scope, type, value, place, Members::kNamed))
        return false;
    const StructField& last = type.fields.back();
    const TypeNode& tail = scope.node(last.node);
    if (tail.kind != TypeKind::kStruct)
        return true;
    Napi::Value member;
    return Member(value, last.name.c_str(), member)
        && ReadCounts(scope.Inside(type, place), tail, member,
            static_cast<std::byte*>(place) + last.offset_bytes);
}

//! Looks for the block that was made for `value` as the type `node`; `index` is where to add one.
bool ValueReader::FindShared(
    Napi::Value value, std::uint32_t node, void*& block, std::size_t& index) noexcept
{
    Napi::HandleScope handles(env_);
    const Napi::Value known = map_.Get("get").As<Napi::Function>().Call(map_, { value });
    if (env_.IsExceptionPending())
        return false;
    if (!known.IsNumber()) {
        index = shared_.size();
        shared_.emplace_back();
        map_.Get("set").As<Napi::Function>().Call(
            map_, { value, Napi::Number::New(env_, static_cast<double>(index)) });
        return !env_.IsExceptionPending();
    }
    index = known.As<Napi::Number>().Uint32Value();
    if (index >= shared_.size())
        return false;
    for (const Shared& shared : shared_[index]) {
        if (shared.node == node)
            block = shared.block;
    }
    return true;
}

} // namespace callfactory
