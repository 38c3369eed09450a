#include "type_words.h"

#include "param_layout.h"

#include <algorithm>

namespace callfactory {

namespace {

//! Bytes of one type; all parameters of a method together still fit 32 bits.
constexpr std::uint64_t kMaxTypeBytes = 0x4000000;

void SetScalar(TypeNode& node, std::uint32_t size_bytes) noexcept
{
    node.size_bytes = size_bytes;
    node.align_bytes = size_bytes;
}

void SetPointer(TypeNode& node) noexcept
{
    SetScalar(node, sizeof(void*));
    node.owns = true;
}

bool RefersToParam(std::int32_t name) noexcept { return name != kNone && name < kFirstMember; }

//! Makes `part` a part of `node`, by value.
void Include(TypeNode& node, TypeWords& words, const TypeNode& part) noexcept
{
    node.owns = node.owns || part.owns;
    node.has_interfaces = node.has_interfaces || part.has_interfaces;
    node.refers_to_params = node.refers_to_params || part.refers_to_params;
    node.align_bytes = std::max(node.align_bytes, part.align_bytes);
    node.depth = std::max(node.depth, static_cast<std::uint8_t>(part.depth + 1));
    if (node.depth > kMaxTypeDepth)
        words.Fail();
}

void ReadSizedScalar(TypeNode& node, TypeWords& words) noexcept
{
    const std::int32_t size = words.Next();
    const bool fits = node.kind == TypeKind::kFloat ? size == 4 || size == 8
                                                    : size == 1 || size == 2 || size == 4;
    if (!fits)
        return words.Fail();
    SetScalar(node, static_cast<std::uint32_t>(size));
    if (node.kind == TypeKind::kInt)
        node.is_signed = words.Flag();
    if (node.kind == TypeKind::kBool)
        node.true_bits = static_cast<std::uint32_t>(words.Next());
}

void ReadStruct(TypeNode& node, TypeWords& words, const std::vector<TypeNode>& known,
    const std::vector<std::string>& names)
{
    const std::uint32_t count = words.Below(TypeWords::kMaxMembers);
    for (std::uint32_t i = 0; i < count && words.ok(); i++) {
        const std::uint32_t name = words.Below(names.size());
        const std::uint32_t member = words.Below(known.size());
        const bool is_named = words.Flag();
        // Only the last member may be conformant.
        if (!words.ok() || node.is_open)
            return words.Fail();
        const TypeNode& type = known[member];
        node.is_open = type.is_open;
        // Its extent is what the members before it say, and there are none in the text itself.
        if (type.kind == TypeKind::kChars && type.is_open && type.bound.size == kNone)
            return words.Fail();
        node.size_bytes = AlignUp(node.size_bytes, type.align_bytes);
        if (std::uint64_t{ node.size_bytes } + type.size_bytes > kMaxTypeBytes)
            return words.Fail();
        node.fields.push_back({ names[name], member, node.size_bytes, is_named });
        node.size_bytes += type.size_bytes;
        Include(node, words, type);
    }
    node.size_bytes = AlignUp(std::max(node.size_bytes, 1u), node.align_bytes);
    // What an open one is sized by is read before there is memory for it.
    for (const StructField& field : node.fields) {
        if (node.is_open && field.is_named && known[field.node].owns)
            words.Fail();
    }
}

void ReadBound(TypeNode& node, TypeWords& words) noexcept
{
    Bound& bound = node.bound;
    bound.length = words.Next();
    bound.size = words.Name();
    bound.size_is_last = words.Flag();
    bound.data = words.Name();
    bound.data_is_last = words.Flag();
    bound.first = words.Name();
    for (const std::int32_t name : { bound.size, bound.data, bound.first })
        node.refers_to_params = node.refers_to_params || RefersToParam(name);
    if (bound.length < kNone || bound.length > 0xfffffff)
        words.Fail();
    // Nothing would say how much memory there is.
    if (node.kind == TypeKind::kArray && bound.length == kNone && bound.size == kNone
        && bound.data == kNone)
        words.Fail();
}

void ReadArray(TypeNode& node, TypeWords& words, const std::vector<TypeNode>& known)
{
    node.target = words.Below(known.size());
    ReadBound(node, words);
    if (!words.ok())
        return;
    const TypeNode& element = known[node.target];
    const bool is_row = element.kind == TypeKind::kArray || element.bound.size != kNone;
    if (element.is_open && !is_row)
        return words.Fail();
    node.is_open = element.is_open || node.bound.length == kNone;
    // An open one has one element at least, as C declares it at the end of a structure.
    const std::uint64_t count = node.bound.length == kNone ? 1 : node.bound.length;
    if (element.size_bytes * count > kMaxTypeBytes)
        return words.Fail();
    node.size_bytes = static_cast<std::uint32_t>(element.size_bytes * count);
    Include(node, words, element);
}

void ReadChars(TypeNode& node, TypeWords& words) noexcept
{
    node.align_bytes = words.Below(3);
    ReadBound(node, words);
    if (node.align_bytes == 0 || node.bound.length == 0)
        return words.Fail();
    node.is_open = node.bound.length == kNone;
    const std::uint64_t units = node.is_open ? 1 : node.bound.length;
    node.size_bytes = static_cast<std::uint32_t>(node.align_bytes * units);
}

void ReadUnion(TypeNode& node, TypeWords& words, const std::vector<TypeNode>& known)
{
    node.target = words.Below(known.size());
    node.switch_is = words.Name();
    node.refers_to_params = RefersToParam(node.switch_is);
    const std::uint32_t arm_count = words.Below(1024);
    if (!words.ok())
        return;
    const TypeNode& tag = known[node.target];
    std::uint32_t arm_bytes = 0;
    std::uint32_t arm_align = 1;
    for (std::uint32_t i = 0; i < arm_count && words.ok(); i++) {
        const std::int32_t arm = words.Next();
        const std::uint32_t label_count = words.Below(1024);
        if (label_count == 0)
            node.default_arm = static_cast<std::int32_t>(i);
        for (std::uint32_t l = 0; l < label_count && words.ok(); l++)
            node.labels.push_back({ words.Wide(), i });
        node.arms.push_back(arm);
        if (arm == kNone)
            continue;
        if (arm < 0 || static_cast<std::size_t>(arm) >= known.size() || known[arm].is_open)
            return words.Fail();
        arm_bytes = std::max(arm_bytes, known[arm].size_bytes);
        arm_align = std::max(arm_align, known[arm].align_bytes);
        Include(node, words, known[arm]);
    }
    if (node.switch_is == kNone) {
        node.arm_offset_bytes = AlignUp(tag.size_bytes, arm_align);
        Include(node, words, tag);
    }
    node.size_bytes = AlignUp(std::max(node.arm_offset_bytes + arm_bytes, 1u), node.align_bytes);
}

bool IsDiscriminant(TypeKind kind) noexcept
{
    return kind == TypeKind::kInt || kind == TypeKind::kHyper || kind == TypeKind::kBool
        || kind == TypeKind::kEnum;
}

} // namespace

void ReadTypeNode(TypeNode& node, TypeWords& words, const std::vector<TypeNode>& known,
    std::uint32_t type_count, const std::vector<std::string>& names)
{
    node.kind = static_cast<TypeKind>(words.Below(static_cast<std::size_t>(TypeKind::kLast) + 1));
    switch (node.kind) {
    case TypeKind::kInt:
    case TypeKind::kFloat:
    case TypeKind::kBool:
        return ReadSizedScalar(node, words);
    case TypeKind::kHyper:
        node.is_signed = words.Flag();
        return SetScalar(node, 8);
    case TypeKind::kEnum:
        node.is_signed = true;
        return SetScalar(node, 4);
    case TypeKind::kGuid:
        node.size_bytes = sizeof(GUID);
        node.align_bytes = alignof(GUID);
        return;
    case TypeKind::kString:
    case TypeKind::kBstr:
        return SetPointer(node);
    case TypeKind::kStruct:
        return ReadStruct(node, words, known, names);
    case TypeKind::kArray:
        return ReadArray(node, words, known);
    case TypeKind::kPointer:
        node.pointer = static_cast<PointerKind>(words.Below(3));
        // Behind a pointer a type may contain itself: the target may come later.
        node.target = words.Below(type_count);
        return SetPointer(node);
    case TypeKind::kInterface:
        node.interface_id = words.Below(0x7fffffff);
        node.iid_is = words.Name();
        node.has_interfaces = true;
        return SetPointer(node);
    case TypeKind::kUnion:
        ReadUnion(node, words, known);
        if (words.ok() && !IsDiscriminant(known[node.target].kind))
            words.Fail();
        return;
    case TypeKind::kChars:
        return ReadChars(node, words);
    }
}

} // namespace callfactory
