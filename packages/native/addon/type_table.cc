#include "type_table.h"

#include "param_layout.h"
#include "type_words.h"

#include <algorithm>

namespace callfactory {

namespace {

constexpr std::uint32_t kMaxTypes = 4096;

//! What a type says of what it consists of.
struct Traits {
    bool has_interfaces;
    bool refers_to_params;

    bool operator==(const Traits&) const noexcept = default;
    void Add(const TypeNode& part) noexcept
    {
        has_interfaces = has_interfaces || part.has_interfaces;
        refers_to_params = refers_to_params || part.refers_to_params;
    }
};

//! Passes on what is true of a part, and tells whether that was news.
bool LearnFromParts(TypeNode& node, const std::vector<TypeNode>& nodes) noexcept
{
    const Traits before{ node.has_interfaces, node.refers_to_params };
    Traits traits = before;
    if (node.kind == TypeKind::kPointer || node.kind == TypeKind::kArray)
        traits.Add(nodes[node.target]);
    for (const StructField& field : node.fields)
        traits.Add(nodes[field.node]);
    for (const std::int32_t arm : node.arms) {
        if (arm != kNone)
            traits.Add(nodes[static_cast<std::size_t>(arm)]);
    }
    node.has_interfaces = traits.has_interfaces;
    node.refers_to_params = traits.refers_to_params;
    return !(traits == before);
}

void ReadParams(
    MethodSignature& method, TypeWords& words, std::uint32_t count, std::uint32_t type_count)
{
    for (std::uint32_t i = 0; i < count && words.ok(); i++) {
        ParamSignature param{};
        param.node = words.Below(type_count);
        param.direction = static_cast<Direction>(words.Below(3));
        param.passing = words.Flag() ? Passing::kByReference : Passing::kByValue;
        param.sync_index = words.Below(kMaxParams);
        param.is_named = words.Flag();
        method.params.push_back(param);
    }
}

void ReadTypes(MethodSignature& method, TypeWords& words, std::uint32_t count,
    const std::vector<std::string>& field_names)
{
    for (std::uint32_t i = 0; i < count && words.ok(); i++) {
        TypeNode node;
        ReadTypeNode(node, words, method.nodes, count, field_names);
        method.nodes.push_back(std::move(node));
    }
    if (!words.ok())
        return;
    // Types may contain themselves: what holds of one goes round until nothing is new.
    for (bool is_news = true; is_news;) {
        is_news = false;
        for (auto node = method.nodes.rbegin(); node != method.nodes.rend(); ++node)
            is_news = LearnFromParts(*node, method.nodes) || is_news;
    }
}

} // namespace

bool CompileMethod(const std::string& name, const std::int32_t* raw, std::size_t word_count,
    const std::vector<std::string>& field_names, MethodSignature& method)
{
    TypeWords words(raw, word_count);
    method.name = name;
    method.slot = words.Below(1024);
    method.sync_slot = words.Below(1024);
    method.half = static_cast<Half>(words.Below(3));
    method.returns = static_cast<Returns>(words.Below(3));
    const std::uint32_t param_count = words.Below(kMaxParams + 1);
    const std::uint32_t type_count = words.Below(kMaxTypes);
    ReadParams(method, words, param_count, type_count);
    ReadTypes(method, words, type_count, field_names);
    if (!words.done() || !CanLayOut(method))
        return false;
    PlaceParams(method);
    return true;
}

} // namespace callfactory
