#include "value_builder.h"

#include "heap.h"
#include "value_memory.h"

#include <cstring>
#include <oleauto.h>

namespace sanitize {

using namespace callfactory;

namespace {

constexpr unsigned kMaxDepth = 12;
constexpr std::uint64_t kMaxBytes = 1u << 16;

std::byte* At(void* place, std::uint64_t offset) { return static_cast<std::byte*>(place) + offset; }

} // namespace

void ValueBuilder::Build(const Scope& scope, const TypeNode& type, void* place, bool is_named)
{
    switch (type.kind) {
    case TypeKind::kString:
        *static_cast<void**>(place) = Below(3) == 0 ? nullptr : AllocateZeroed(2 * Below(9) + 2);
        return;
    case TypeKind::kBstr:
        *static_cast<void**>(place)
            = Below(3) == 0 ? nullptr : SysAllocStringLen(nullptr, Below(9));
        return;
    case TypeKind::kInterface:
        if (Below(3) != 0) {
            *static_cast<void**>(place) = NewResting();
            interfaces_++;
        }
        return;
    case TypeKind::kStruct:
        // The counts of an open one are in its memory already.
        if (!type.is_open)
            BuildMembers(scope, type, place, true);
        return BuildMembers(scope, type, place, false);
    case TypeKind::kArray:
        return BuildElements(scope, type, place);
    case TypeKind::kPointer:
        return BuildPointer(scope, type, static_cast<void**>(place));
    case TypeKind::kUnion:
        return BuildUnion(scope, type, place);
    case TypeKind::kChars: {
        const std::uint64_t room = scope.BytesOf(type, place) / type.align_bytes;
        if (room > 1 && type.bound.size + type.bound.length != 2 * kNone)
            std::memset(place, 'x', static_cast<std::size_t>((room - 1) * type.align_bytes));
        return;
    }
    default:
        return BuildScalar(type, place, is_named);
    }
}

void ValueBuilder::BuildScalar(const TypeNode& type, void* place, bool is_named)
{
    if (type.kind == TypeKind::kGuid || type.kind == TypeKind::kFloat) {
        std::memset(place, static_cast<int>(Below(256)), type.size_bytes);
        return;
    }
    const std::uint64_t bits = is_named ? Below(5) : std::uint64_t{ random_() } << 32 | random_();
    std::memcpy(place, &bits, type.size_bytes);
}

void ValueBuilder::BuildMembers(const Scope& scope, const TypeNode& type, void* place, bool named)
{
    const Scope inside = scope.Inside(type, place);
    for (const StructField& field : type.fields) {
        if (field.is_named == named)
            Build(inside, scope.node(field.node), At(place, field.offset_bytes), named);
    }
}

void ValueBuilder::BuildElements(const Scope& scope, const TypeNode& array, void* elements)
{
    const std::uint64_t count = scope.KnownExtentOf(array).size;
    const std::uint64_t stride = scope.StrideOf(array);
    for (std::uint64_t i = 0; i < count; i++)
        Build(scope, scope.node(array.target), At(elements, i * stride), false);
}

void ValueBuilder::BuildUnion(const Scope& scope, const TypeNode& type, void* place)
{
    const TypeNode& tag = scope.node(type.target);
    if (type.switch_is == kNone && !type.labels.empty()) {
        const auto& label = type.labels[Below(static_cast<std::uint32_t>(type.labels.size()))];
        std::memcpy(place, &label.value, tag.size_bytes);
    }
    std::int64_t value = 0;
    const TypeNode* arm = nullptr;
    if (scope.TagOf(type, place, value) && scope.ArmOf(type, value, arm) && arm != nullptr)
        Build(scope, *arm, At(place, type.arm_offset_bytes), false);
}

void ValueBuilder::BuildPointer(const Scope& scope, const TypeNode& type, void** place)
{
    const TypeNode& target = scope.node(type.target);
    if (depth_ == kMaxDepth || budget_ == 0 || Below(5) == 0)
        return;
    if (type.pointer == PointerKind::kFull && Below(2) == 0) {
        for (const Block& block : blocks_) {
            if (block.type != &target)
                continue;
            shared_++;
            *place = block.memory;
            return;
        }
    }
    budget_--;
    depth_++;
    *place = BuildBlock(scope.Behind(), target);
    depth_--;
}

void* ValueBuilder::BuildBlock(const Scope& scope, const TypeNode& type)
{
    std::uint64_t bytes = type.size_bytes;
    std::vector<std::byte> counts(type.is_open ? type.size_bytes : 0);
    if (type.kind == TypeKind::kChars && type.is_open && type.bound.size == kNone) {
        bytes = type.align_bytes * (std::uint64_t{ Below(9) } + 1);
    } else if (type.is_open) {
        BuildCounts(scope, type, counts.data());
        bytes = scope.BytesOf(type, counts.data());
    }
    if (bytes > kMaxBytes)
        return nullptr;
    void* const block = AllocateZeroed(bytes);
    if (type.kind == TypeKind::kStruct && type.is_open)
        std::memcpy(block, counts.data(), counts.size());
    // What counts say of it must not depend on where it is met.
    if (!type.refers_to_params && type.kind == TypeKind::kStruct)
        blocks_.push_back({ &type, block });
    Build(scope, type, block, false);
    return block;
}

void ValueBuilder::BuildCounts(const Scope& scope, const TypeNode& type, void* place)
{
    if (type.kind != TypeKind::kStruct)
        return;
    BuildMembers(scope, type, place, true);
    const StructField& last = type.fields.back();
    BuildCounts(scope.Inside(type, place), scope.node(last.node), At(place, last.offset_bytes));
}

} // namespace sanitize
