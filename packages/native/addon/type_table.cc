#include "type_table.h"

#include "param_layout.h"

#include <algorithm>

namespace callfactory {

namespace {

//! Bytes of one type; all parameters of a method together still fit 32 bits.
constexpr std::uint64_t kMaxTypeBytes = 0x10000000;

//! Hands out words; after the first one too many everything is an error.
class Words {
public:
    Words(const std::int32_t* words, std::size_t count) noexcept
        : next_(words)
        , end_(words + count)
    {
    }

    std::int32_t Next() noexcept
    {
        if (next_ != end_)
            return *next_++;
        ok_ = false;
        return 0;
    }

    //! The next word, which must lie below `limit`.
    std::uint32_t Below(std::size_t limit) noexcept
    {
        const std::int32_t word = Next();
        if (word >= 0 && static_cast<std::size_t>(word) < limit)
            return static_cast<std::uint32_t>(word);
        ok_ = false;
        return 0;
    }

    //! The next word, a parameter of the synchronous method or kNone.
    std::int32_t ParamOrNone() noexcept
    {
        const std::int32_t word = Next();
        ok_ = ok_ && word >= kNone && word < static_cast<std::int32_t>(kMaxParams);
        return word;
    }

    void Fail() noexcept { ok_ = false; }
    bool ok() const noexcept { return ok_; }
    bool done() const noexcept { return ok_ && next_ == end_; }

private:
    const std::int32_t* next_;
    const std::int32_t* end_;
    bool ok_ = true;
};

void SetScalar(TypeNode& node, std::uint32_t size_bytes) noexcept
{
    node.size_bytes = size_bytes;
    node.align_bytes = size_bytes;
}

void ReadSizedScalar(TypeNode& node, Words& words) noexcept
{
    const std::int32_t size = words.Next();
    if (size != 1 && size != 2 && size != 4 && size != 8)
        return words.Fail();
    SetScalar(node, static_cast<std::uint32_t>(size));
    if (node.kind == TypeKind::kInt)
        node.is_signed = words.Next() != 0;
    if (node.kind == TypeKind::kBool)
        node.true_bits = static_cast<std::uint32_t>(words.Next());
}

void ReadStruct(TypeNode& node, Words& words, const std::vector<TypeNode>& known,
    const std::vector<std::string>& names)
{
    const std::uint32_t count = words.Below(1024);
    for (std::uint32_t i = 0; i < count && words.ok(); i++) {
        const std::uint32_t name = words.Below(names.size());
        const std::uint32_t member = words.Below(known.size());
        if (!words.ok())
            return;
        const TypeNode& type = known[member];
        // A conformant array has its count in a parameter, and its elements behind a pointer.
        if (type.kind == TypeKind::kArray && type.length == kNone)
            return words.Fail();
        node.size_bytes = AlignUp(node.size_bytes, type.align_bytes);
        if (std::uint64_t{ node.size_bytes } + type.size_bytes > kMaxTypeBytes)
            return words.Fail();
        node.fields.push_back({ names[name], member, node.size_bytes });
        node.size_bytes += type.size_bytes;
        node.align_bytes = std::max(node.align_bytes, type.align_bytes);
        node.owns = node.owns || type.owns;
        node.has_interfaces = node.has_interfaces || type.has_interfaces;
    }
    node.size_bytes = AlignUp(std::max(node.size_bytes, 1u), node.align_bytes);
}

void ReadArray(TypeNode& node, Words& words, const std::vector<TypeNode>& known)
{
    node.target = words.Below(known.size());
    node.length = words.Next();
    node.size_is = words.ParamOrNone();
    node.length_is = words.ParamOrNone();
    if (!words.ok() || node.length < kNone || node.length > 0xfffffff)
        return words.Fail();
    const TypeNode& element = known[node.target];
    if (element.kind == TypeKind::kArray && element.length == kNone)
        return words.Fail();
    const std::uint64_t bytes
        = std::uint64_t{ element.size_bytes } * (node.length == kNone ? 0 : node.length);
    if (bytes > kMaxTypeBytes)
        return words.Fail();
    node.size_bytes = static_cast<std::uint32_t>(bytes);
    node.align_bytes = element.align_bytes;
    node.owns = element.owns;
    node.has_interfaces = element.has_interfaces;
}

void ReadPointer(TypeNode& node, Words& words, const std::vector<TypeNode>& known)
{
    node.is_ref = words.Next() != 0;
    node.target = words.Below(known.size());
    SetScalar(node, sizeof(void*));
    node.owns = true;
    node.has_interfaces = words.ok() && known[node.target].has_interfaces;
}

void ReadNode(TypeNode& node, Words& words, const std::vector<TypeNode>& known,
    const std::vector<std::string>& names)
{
    node.kind = static_cast<TypeKind>(words.Below(static_cast<std::size_t>(TypeKind::kLast) + 1));
    switch (node.kind) {
    case TypeKind::kInt:
    case TypeKind::kFloat:
    case TypeKind::kBool:
        return ReadSizedScalar(node, words);
    case TypeKind::kHyper:
        node.is_signed = words.Next() != 0;
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
        node.owns = true;
        return SetScalar(node, sizeof(void*));
    case TypeKind::kStruct:
        return ReadStruct(node, words, known, names);
    case TypeKind::kArray:
        return ReadArray(node, words, known);
    case TypeKind::kPointer:
        return ReadPointer(node, words, known);
    case TypeKind::kInterface:
        node.interface_id = words.Below(0x7fffffff);
        node.iid_is = words.ParamOrNone();
        node.owns = node.has_interfaces = true;
        return SetScalar(node, sizeof(void*));
    }
}

} // namespace

bool CompileMethod(const std::string& name, const std::int32_t* raw, std::size_t word_count,
    const std::vector<std::string>& field_names, MethodSignature& method)
{
    Words words(raw, word_count);
    method.name = name;
    method.slot = words.Below(1024);
    method.sync_slot = words.Below(1024);
    method.half = static_cast<Half>(words.Below(3));
    method.returns = static_cast<Returns>(words.Below(3));
    const std::uint32_t param_count = words.Below(kMaxParams + 1);
    const std::uint32_t node_count = words.Below(4096);
    for (std::uint32_t i = 0; i < param_count; i++) {
        ParamSignature param{};
        param.node = words.Below(node_count);
        param.direction = static_cast<Direction>(words.Below(3));
        param.passing = words.Next() != 0 ? Passing::kByReference : Passing::kByValue;
        param.sync_index = words.Below(kMaxParams);
        param.is_count = words.Next() != 0;
        method.params.push_back(param);
    }
    for (std::uint32_t i = 0; i < node_count && words.ok(); i++) {
        TypeNode node;
        ReadNode(node, words, method.nodes, field_names);
        method.nodes.push_back(std::move(node));
    }
    if (!words.done() || method.slot < 3)
        return false;
    if (!CanLayOut(method))
        return false;
    PlaceParams(method);
    return true;
}

} // namespace callfactory
