#include "value_walk.h"

namespace callfactory {

void ValueWalk::Walk(const Scope& scope, const TypeNode& type, void* place) noexcept
{
    if (!Wants(type))
        return;
    Visit(scope, type, place);
    while (!targets_.empty()) {
        const Target target = targets_.back();
        targets_.pop_back();
        Visit(target.scope, *target.type, target.place);
    }
}

//! As deep as structures, unions and arrays are in each other: kMaxTypeDepth.
void ValueWalk::Visit(const Scope& scope, const TypeNode& type, void* place) noexcept
{
    if (!Wants(type))
        return;
    switch (type.kind) {
    case TypeKind::kString:
    case TypeKind::kBstr:
        if (void** const text = static_cast<void**>(place); *text != nullptr)
            visitor_.OnMemory(type, text);
        return;
    case TypeKind::kInterface:
        if (void** const pointer = static_cast<void**>(place); *pointer != nullptr)
            visitor_.OnInterface(type, scope.IidOf(type), pointer);
        return;
    case TypeKind::kPointer:
        return VisitPointer(scope, type, static_cast<void**>(place));
    case TypeKind::kStruct: {
        const Scope inside = scope.Inside(type, place);
        for (const StructField& field : type.fields)
            Visit(inside, scope.node(field.node),
                static_cast<std::byte*>(place) + field.offset_bytes);
        return;
    }
    case TypeKind::kArray:
        return VisitElements(scope, type, place);
    case TypeKind::kUnion:
        return VisitUnion(scope, type, place);
    default:
        return;
    }
}

void ValueWalk::VisitPointer(const Scope& scope, const TypeNode& type, void** place) noexcept
{
    void* const target = *place;
    if (target == nullptr)
        return;
    // Unique pointers may lead to what a full one leads to, and a callee may tie any into a ring.
    if (scope.method().has_shared_targets && !seen_.insert(target).second)
        return;
    const TypeNode& node = scope.node(type.target);
    if (Wants(node))
        targets_.push_back({ scope.Behind(), &node, target });
    visitor_.OnMemory(type, place);
}

void ValueWalk::VisitElements(const Scope& scope, const TypeNode& array, void* elements) noexcept
{
    const TypeNode& element = scope.node(array.target);
    if (!Wants(element))
        return;
    const std::uint64_t stride = scope.StrideOf(array);
    const std::uint64_t count = scope.KnownExtentOf(array).size;
    auto* place = static_cast<std::byte*>(elements);
    for (std::uint64_t i = 0; i < count; i++, place += stride)
        Visit(scope, element, place);
}

void ValueWalk::VisitUnion(const Scope& scope, const TypeNode& type, void* place) noexcept
{
    std::int64_t tag = 0;
    const TypeNode* arm = nullptr;
    if (scope.TagOf(type, place, tag) && scope.ArmOf(type, tag, arm) && arm != nullptr)
        Visit(scope, *arm, static_cast<std::byte*>(place) + type.arm_offset_bytes);
}

} // namespace callfactory
