#include "param_layout.h"

#include <algorithm>

namespace callfactory {

namespace {

//! `by_reference`: the argument is an address although the parameter only goes in.
Passing PassingOf(const TypeNode& node, bool by_reference) noexcept
{
    const bool is_array = node.kind == TypeKind::kArray || node.kind == TypeKind::kChars;
    if (is_array || node.is_open)
        return Passing::kElements;
    if (by_reference || node.kind == TypeKind::kGuid)
        return Passing::kByReference;
    // The x64 convention: structures of 1, 2, 4 or 8 bytes travel as integers, others by address.
    const std::uint32_t size = node.size_bytes;
    const bool fits = size == 1 || size == 2 || size == 4 || size == 8;
    const bool is_aggregate = node.kind == TypeKind::kStruct || node.kind == TypeKind::kUnion;
    return is_aggregate && !fits ? Passing::kByReference : Passing::kByValue;
}

} // namespace

bool CanLayOut(const MethodSignature& method) noexcept
{
    return std::none_of(
        method.params.begin(), method.params.end(), [&](const ParamSignature& param) {
            const TypeNode& node = method.node(param.node);
            return param.direction == Direction::kOut && node.is_open
                && node.kind != TypeKind::kArray && node.bound.size == kNone;
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
        method.has_memory = method.has_memory || node.owns || param.passing == Passing::kElements;
        method.in_count += param.direction != Direction::kOut;
        method.out_count += param.direction != Direction::kIn;
        const bool floats = node.kind == TypeKind::kFloat && param.passing == Passing::kByValue;
        if (i < 3 && floats)
            method.double_mask |= static_cast<std::uint8_t>(1u << i);
    }
}

} // namespace callfactory
