#include "value_scope.h"

#include <algorithm>
#include <cstring>

namespace callfactory {

namespace {

template <class T> std::int64_t Load(const void* place) noexcept
{
    T value;
    std::memcpy(&value, place, sizeof(T));
    return static_cast<std::int64_t>(value);
}

std::int64_t LoadBits(const TypeNode& type, const void* place) noexcept
{
    switch (type.size_bytes) {
    case 1:
        return type.is_signed ? Load<std::int8_t>(place) : Load<std::uint8_t>(place);
    case 2:
        return type.is_signed ? Load<std::int16_t>(place) : Load<std::uint16_t>(place);
    case 4:
        return type.is_signed ? Load<std::int32_t>(place) : Load<std::uint32_t>(place);
    default:
        return Load<std::int64_t>(place);
    }
}

std::uint64_t Product(std::uint64_t count, std::uint64_t bytes) noexcept
{
    return bytes != 0 && count > kTooLarge / bytes ? kTooLarge : count * bytes;
}

//! A count, or the last index that it says; nothing below zero.
bool CountOf(std::int64_t value, bool is_last, std::uint64_t& count) noexcept
{
    // As ULONG the last index of no elements at all is 2^32 - 1.
    if (is_last && (value == -1 || value == 0xffffffff))
        value = 0;
    else if (is_last && value < INT64_MAX)
        value++;
    count = static_cast<std::uint64_t>(value);
    return value >= 0;
}

} // namespace

bool LoadInteger(const MethodSignature& method, const TypeNode& type, const void* place,
    std::int64_t& value) noexcept
{
    const TypeNode* node = &type;
    for (unsigned depth = 0; node->kind == TypeKind::kPointer; depth++) {
        std::memcpy(&place, place, sizeof(place));
        if (place == nullptr || depth == kMaxTypeDepth)
            return false;
        node = &method.node(node->target);
    }
    switch (node->kind) {
    case TypeKind::kInt:
    case TypeKind::kEnum:
    case TypeKind::kHyper:
        value = LoadBits(*node, place);
        return true;
    case TypeKind::kBool:
        value = LoadBits(*node, place) != 0;
        return true;
    default:
        return false;
    }
}

std::uint64_t LengthOfChars(
    std::uint32_t unit_bytes, const void* place, std::uint64_t room) noexcept
{
    const auto* unit = static_cast<const std::byte*>(place);
    std::uint64_t length = 0;
    while (length < room) {
        const bool is_nul = unit[0] == std::byte{} && (unit_bytes == 1 || unit[1] == std::byte{});
        if (is_nul)
            break;
        length++;
        unit += unit_bytes;
    }
    return length;
}

void BegunArguments::Learn(
    const MethodSignature& method, const ParamSignature& param, const void* place)
{
    const TypeNode& type = method.node(param.node);
    std::int64_t value = 0;
    if (LoadInteger(method, type, place, value))
        Learn(param.sync_index, value);
    if (type.kind == TypeKind::kGuid) {
        IID iid;
        std::memcpy(&iid, place, sizeof(iid));
        iids.emplace_back(static_cast<std::int32_t>(param.sync_index), iid);
    }
}

bool Scope::FindIn(
    const BegunArguments& arguments, std::int32_t name, std::int64_t& value) const noexcept
{
    if (name < kFirstMember) {
        if (!arguments.Knows(name))
            return false;
        value = arguments.counts[static_cast<std::size_t>(name)];
        return true;
    }
    const auto member = static_cast<std::size_t>(name - kFirstMember);
    if (structure_ == nullptr || member >= structure_->fields.size())
        return false;
    const StructField& field = structure_->fields[member];
    return LoadInteger(*method_, node(field.node), place_ + field.offset_bytes, value);
}

IID Scope::IidOf(const TypeNode& type) const noexcept
{
    const auto member = static_cast<std::size_t>(type.iid_is - kFirstMember);
    if (type.iid_is >= kFirstMember && structure_ != nullptr
        && member < structure_->fields.size()) {
        const StructField& field = structure_->fields[member];
        IID iid = type.iid;
        if (node(field.node).kind == TypeKind::kGuid)
            std::memcpy(&iid, place_ + field.offset_bytes, sizeof(iid));
        return iid;
    }
    // From the back: what was learned last.
    const auto& iids = arguments_->iids;
    const auto named = std::find_if(
        iids.rbegin(), iids.rend(), [&](const auto& known) { return known.first == type.iid_is; });
    return named == iids.rend() ? type.iid : named->second;
}

bool Scope::VisibleIn(
    const BegunArguments& arguments, const Bound& bound, std::uint64_t& visible) const noexcept
{
    std::int64_t value = 0;
    std::uint64_t first = 0;
    if (FindIn(arguments, bound.first, value) && !CountOf(value, false, first))
        return false;
    if (!FindIn(arguments, bound.data, value) || !CountOf(value, bound.data_is_last, visible))
        return false;
    // length_is counts from the first on, last_is is an index.
    if (!bound.data_is_last)
        visible += first;
    return true;
}

bool Scope::ExtentOf(const TypeNode& array, Extent& extent) const noexcept
{
    const Bound& bound = array.bound;
    if (bound.length != kNone) {
        extent.size = extent.visible = static_cast<std::uint64_t>(bound.length);
        return true;
    }
    std::int64_t size = 0;
    const bool is_sized = FindIn(*given_, bound.size, size)
        ? CountOf(size, bound.size_is_last, extent.size)
        : VisibleIn(*given_, bound, extent.size);
    if (!is_sized)
        return false;
    std::int64_t data = 0;
    if (Find(bound.data, data))
        return VisibleIn(*arguments_, bound, extent.visible);
    extent.visible = extent.size;
    return true;
}

Extent Scope::KnownExtentOf(const TypeNode& array) const noexcept
{
    Extent extent;
    if (!ExtentOf(array, extent))
        return {};
    extent.visible = std::min(extent.visible, extent.size);
    return extent;
}

std::uint64_t Scope::StrideOf(const TypeNode& array) const noexcept
{
    if (array.kind == TypeKind::kChars)
        return array.align_bytes;
    const TypeNode& element = node(array.target);
    return element.is_open ? BytesOf(element, nullptr) : element.size_bytes;
}

std::uint64_t Scope::BytesOf(const TypeNode& type, const void* place) const noexcept
{
    if (!type.is_open)
        return type.size_bytes;
    if (type.kind == TypeKind::kStruct) {
        const StructField& last = type.fields.back();
        const void* const end = static_cast<const std::byte*>(place) + last.offset_bytes;
        const std::uint64_t tail = Inside(type, place).BytesOf(node(last.node), end);
        const std::uint64_t least = type.size_bytes;
        return tail == kTooLarge ? kTooLarge : std::max(least, last.offset_bytes + tail);
    }
    if (type.kind == TypeKind::kChars && type.bound.size == kNone)
        return place == nullptr
            ? kTooLarge
            : (LengthOfChars(type.align_bytes, place, kTooLarge) + 1) * type.align_bytes;
    return Product(KnownExtentOf(type).size, StrideOf(type));
}

bool Scope::ArmOf(const TypeNode& type, std::int64_t tag, const TypeNode*& arm) const noexcept
{
    const auto label = std::find_if(type.labels.begin(), type.labels.end(),
        [tag](const UnionLabel& known) { return known.value == tag; });
    const std::int32_t index
        = label == type.labels.end() ? type.default_arm : static_cast<std::int32_t>(label->arm);
    if (index == kNone)
        return false;
    const std::int32_t target = type.arms[static_cast<std::size_t>(index)];
    arm = target == kNone ? nullptr : &node(static_cast<std::uint32_t>(target));
    return true;
}

bool Scope::TagOf(const TypeNode& type, const void* place, std::int64_t& tag) const noexcept
{
    if (type.switch_is != kNone)
        return Find(type.switch_is, tag);
    return LoadInteger(*method_, node(type.target), place, tag);
}

} // namespace callfactory
