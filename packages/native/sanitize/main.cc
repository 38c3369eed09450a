#include "heap.h"
#include "param_layout.h"
#include "value_builder.h"
#include "value_memory.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

// Lays out methods, builds their values as both sides of a call would, walks through them, and
// frees them. Usage: sanitize <file of methods> <rounds>

namespace sanitize {

using namespace callfactory;

namespace {

//! A method as scripts/sanitize.mjs writes it.
struct Described {
    std::string name;
    std::vector<std::int32_t> words;
    std::vector<std::string> fields;
};

std::vector<Described> ReadMethods(const char* path)
{
    std::ifstream file(path);
    std::vector<Described> methods;
    Described method;
    std::size_t words = 0;
    std::size_t fields = 0;
    while (file >> method.name >> words >> fields) {
        method.words.resize(words);
        method.fields.resize(fields);
        for (std::int32_t& word : method.words)
            file >> word;
        for (std::string& field : method.fields)
            file >> field;
        methods.push_back(method);
    }
    return methods;
}

class Counter final : public ValueVisitor {
public:
    void OnInterface(const TypeNode&, const IID&, void**) noexcept override { count++; }
    std::size_t count = 0;
};

//! The values of one call: all of them made as the one who gives them would.
class Call {
public:
    Call(const MethodSignature& method, std::uint32_t seed)
        : method_(method)
        , builder_(seed)
        , storage_(std::make_unique<std::byte[]>(method.storage_bytes + 1))
    {
        for (const bool refers : { false, true }) {
            for (const ParamSignature& param : method.params) {
                if (method.node(param.node).refers_to_params == refers)
                    BuildParam(param);
            }
        }
    }

    ~Call()
    {
        ValueFreer freer;
        for (const ParamSignature& param : method_.params) {
            if (ValueOf(param) == nullptr)
                continue;
            freer.Free(scope(), method_.node(param.node), ValueOf(param));
            if (param.passing == Passing::kElements)
                freer.FreeBlock(ValueOf(param));
        }
    }

    //! Interface pointers that a walk finds: each once, however it is reached.
    bool FindsAllInterfaces() const
    {
        Counter counter;
        ValueWalk walk(counter, WalkFor::kInterfaces);
        for (const ParamSignature& param : method_.params) {
            if (ValueOf(param) != nullptr)
                walk.Walk(scope(), method_.node(param.node), ValueOf(param));
        }
        return counter.count == builder_.interfaces();
    }

    std::size_t shared() const { return builder_.shared(); }

private:
    Scope scope() const { return Scope(method_, arguments_); }
    void* ValueOf(const ParamSignature& param) const
    {
        void* const place = storage_.get() + param.storage_offset;
        return param.passing == Passing::kElements ? *static_cast<void**>(place) : place;
    }
    void BuildParam(const ParamSignature& param)
    {
        void* const place = storage_.get() + param.storage_offset;
        const TypeNode& type = method_.node(param.node);
        if (param.passing == Passing::kElements) {
            *static_cast<void**>(place) = builder_.BuildBlock(scope(), type);
            return;
        }
        builder_.Build(scope(), type, place, param.is_named);
        if (param.is_named)
            arguments_.Learn(method_, param, place);
    }

    const MethodSignature& method_;
    BegunArguments arguments_;
    ValueBuilder builder_;
    std::unique_ptr<std::byte[]> storage_;
};

std::size_t CheckValues(const std::vector<Described>& methods, std::uint32_t rounds)
{
    std::size_t shared = 0;
    for (const Described& described : methods) {
        MethodSignature method;
        Expect(CompileMethod(described.name, described.words.data(), described.words.size(),
                   described.fields, method),
            described.name.c_str());
        for (std::uint32_t seed = 0; seed < rounds; seed++) {
            {
                const Call call(method, seed);
                Expect(call.FindsAllInterfaces(), "every interface pointer is met once");
                shared += call.shared();
            }
            Expect(Alive() == 0, "all is freed");
        }
    }
    return shared;
}

//! Words that were damaged are refused, or describe something that works.
std::size_t CheckDamage(const std::vector<Described>& methods, std::uint32_t rounds)
{
    std::mt19937 random(1);
    std::size_t accepted = 0;
    for (std::uint32_t round = 0; round < rounds * 200; round++) {
        const Described& described = methods[random() % methods.size()];
        std::vector<std::int32_t> words = described.words;
        for (std::uint32_t i = random() % 3 + 1; i > 0; i--) {
            const auto value = static_cast<std::int32_t>(random());
            words[random() % words.size()] = random() % 2 == 0 ? value % 80 : value;
        }
        if (random() % 8 == 0)
            words.resize(random() % words.size());
        // Of its own size, so that reading past the end is noticed.
        words.shrink_to_fit();
        MethodSignature method;
        if (!CompileMethod(described.name, words.data(), words.size(), described.fields, method)
            || method.storage_bytes > 4096)
            continue;
        accepted++;
        {
            const Call call(method, round);
        }
        Expect(Alive() == 0, "all is freed after damage");
    }
    return accepted;
}

//! A list that is too long for anybody's stack is freed all the same, and so is one that a callee
//! has tied into a ring against the rules.
void CheckLongList(const std::vector<Described>& methods, bool is_ring)
{
    const auto lists = std::find_if(methods.begin(), methods.end(),
        [](const Described& method) { return method.name == "ITypes::CountLinks"; });
    Expect(lists != methods.end(), "there is a method with a list");
    MethodSignature method;
    CompileMethod(lists->name, lists->words.data(), lists->words.size(), lists->fields, method);
    struct Link {
        std::int32_t value;
        Link* next;
    };
    auto* const last = static_cast<Link*>(AllocateZeroed(sizeof(Link)));
    Link* head = last;
    for (int i = 0; i < 1'000'000; i++) {
        auto* const link = static_cast<Link*>(AllocateZeroed(sizeof(Link)));
        link->next = std::exchange(head, link);
    }
    last->next = is_ring ? head : nullptr;
    const BegunArguments arguments;
    ValueFreer().Free(Scope(method, arguments), method.node(method.params[0].node), &head);
    Expect(Alive() == 0, "a long list is freed");
}

} // namespace

int Run(const char* path, std::uint32_t rounds)
{
    const std::vector<Described> methods = ReadMethods(path);
    Expect(!methods.empty(), "there are methods");
    const std::size_t shared = CheckValues(methods, rounds);
    Expect(shared != 0, "full pointers meet");
    const std::size_t accepted = CheckDamage(methods, rounds);
    Expect(accepted != 0, "some damage goes unnoticed");
    CheckLongList(methods, false);
    CheckLongList(methods, true);
    std::printf("%zu methods, %u rounds, %zu shared blocks, %zu damaged methods that work\n",
        methods.size(), rounds, shared, accepted);
    return 0;
}

} // namespace sanitize

int main(int count, char** arguments)
{
    if (count != 3)
        return 2;
    return sanitize::Run(
        arguments[1], static_cast<std::uint32_t>(std::strtoul(arguments[2], nullptr, 10)));
}
