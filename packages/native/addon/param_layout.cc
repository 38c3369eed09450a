#include "param_layout.h"

#include <algorithm>

namespace callfactory {

namespace {

bool HasBuriedConformance(const MethodSignature& method, std::uint32_t index, bool top) noexcept
{
    const TypeNode& node = method.nodes[index];
    switch (node.kind) {
    case TypeKind::kArray:
        return (node.length == kNone && !top) || HasBuriedConformance(method, node.target, false);
    case TypeKind::kPointer:
        return HasBuriedConformance(
            method, node.target, top && method.nodes[node.target].kind == TypeKind::kArray);
    case TypeKind::kStruct:
        return std::any_of(node.fields.begin(), node.fields.end(), [&](const StructField& field) {
            return HasBuriedConformance(method, field.node, false);
        });
    default:
        return false;
    }
}

//! `by_reference`: the argument is an address although the parameter only goes in.
Passing PassingOf(const TypeNode& node, bool by_reference) noexcept
{
    if (node.kind == TypeKind::kArray)
        return Passing::kElements;
    if (by_reference || node.kind == TypeKind::kGuid)
        return Passing::kByReference;
    // The x64 convention: structures of 1, 2, 4 or 8 bytes travel as integers, others by address.
    const std::uint32_t size = node.size_bytes;
    const bool fits = size == 1 || size == 2 || size == 4 || size == 8;
    return node.kind == TypeKind::kStruct && !fits ? Passing::kByReference : Passing::kByValue;
}

} // namespace

const TypeNode* MethodSignature::ArrayOf(const ParamSignature& param) const noexcept
{
    const TypeNode* type = &nodes[param.node];
    if (type->kind == TypeKind::kPointer)
        type = &nodes[type->target];
    return type->kind == TypeKind::kArray ? type : nullptr;
}

bool CanLayOut(const MethodSignature& method) noexcept
{
    return std::none_of(
        method.params.begin(), method.params.end(), [&](const ParamSignature& param) {
            return HasBuriedConformance(method, param.node, true);
        });
}

void PlaceParams(MethodSignature& method) noexcept
{
    for (std::size_t i = 0; i < method.params.size(); i++) {
        ParamSignature& param = method.params[i];
        const TypeNode& node = method.nodes[param.node];
        param.passing = PassingOf(
            node, param.direction != Direction::kIn || param.passing == Passing::kByReference);
        param.storage_offset = method.storage_bytes;
        const std::uint32_t size
            = param.passing == Passing::kElements ? sizeof(void*) : node.size_bytes;
        method.storage_bytes += AlignUp(std::max(size, 8u), 16);
        method.has_interfaces = method.has_interfaces || node.has_interfaces;
        method.in_count += param.direction != Direction::kOut;
        method.out_count += param.direction != Direction::kIn;
        const bool floats = node.kind == TypeKind::kFloat && param.passing == Passing::kByValue;
        if (i < 3 && floats)
            method.double_mask |= static_cast<std::uint8_t>(1u << i);
        param.is_count = param.is_count && node.kind == TypeKind::kInt;
    }
}

} // namespace callfactory
