#include "type_table.h"

#include "param_layout.h"
#include "type_words.h"

#include <algorithm>

namespace callfactory {

namespace {

constexpr std::uint32_t kMaxTypes = 4096;

//! Calls `visit` with the index of each type that `node` consists of, or leads to.
template <class Visit> void ForEachPart(const TypeNode& node, Visit visit)
{
    if (node.kind == TypeKind::kPointer || node.kind == TypeKind::kArray)
        visit(node.target);
    for (const StructField& field : node.fields)
        visit(field.node);
    for (const std::int32_t arm : node.arms) {
        if (arm != kNone)
            visit(static_cast<std::uint32_t>(arm));
    }
}

//! Passes on what is true of a part, and tells whether that was news.
bool LearnFromParts(TypeNode& node, const std::vector<TypeNode>& nodes)
{
    const bool knew_interfaces = node.has_interfaces;
    const bool knew_params = node.refers_to_params;
    ForEachPart(node, [&](std::uint32_t part) {
        node.has_interfaces = node.has_interfaces || nodes[part].has_interfaces;
        node.refers_to_params = node.refers_to_params || nodes[part].refers_to_params;
    });
    return node.has_interfaces != knew_interfaces || node.refers_to_params != knew_params;
}

//! Repeats `work` on all types, until none of them says that something is new.
template <class Work> void UntilNothingIsNew(std::vector<TypeNode>& nodes, Work work)
{
    for (bool is_news = true; is_news;) {
        is_news = false;
        for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
            is_news = work(*node) || is_news;
    }
}

//! Tells whether some type leads to itself.
bool HasCycle(std::vector<TypeNode>& nodes)
{
    std::vector<bool> ends(nodes.size());
    UntilNothingIsNew(nodes, [&](const TypeNode& node) {
        const auto index = static_cast<std::size_t>(&node - nodes.data());
        bool all_end = !ends[index];
        ForEachPart(node, [&](std::uint32_t part) { all_end = all_end && ends[part]; });
        if (all_end)
            ends[index] = true;
        return all_end;
    });
    return std::find(ends.begin(), ends.end(), false) != ends.end();
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
    UntilNothingIsNew(
        method.nodes, [&](TypeNode& node) { return LearnFromParts(node, method.nodes); });
    method.has_shared_targets = HasCycle(method.nodes)
        || std::any_of(method.nodes.begin(), method.nodes.end(), [](const TypeNode& node) {
               return node.kind == TypeKind::kPointer && node.pointer == PointerKind::kFull;
           });
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
    if (!words.done() || method.slot < 3 || !CanLayOut(method))
        return false;
    PlaceParams(method);
    return true;
}

} // namespace callfactory
