#include "function_table.h"

#include "own_functions.h"

#include <libloaderapi.h>

namespace callfactory {

namespace {

bool IsParam(const MethodSignature& params, std::int32_t index) noexcept
{
    return index >= kNone && index < static_cast<std::int32_t>(params.params.size());
}

bool TakesResult(const MethodSignature& params, std::int32_t index) noexcept
{
    if (index == kNone)
        return true;
    const ParamSignature& param = params.params[static_cast<std::size_t>(index)];
    return param.direction == Direction::kOut && param.passing == Passing::kByReference
        && params.node(param.node).size_bytes <= sizeof(std::uint64_t)
        && !params.node(param.node).owns;
}

} // namespace

bool CompileFunction(const std::int32_t* words, std::size_t word_count,
    std::shared_ptr<const MethodSignature> params, FunctionSignature& function)
{
    if (word_count < 3 || word_count % 2 != 1 || word_count > 3 + 2 * kMaxFunctionArguments)
        return false;
    if (words[0] < 0 || words[0] > static_cast<std::int32_t>(FunctionReturns::kLast))
        return false;
    if (words[1] < 0 || words[1] > static_cast<std::int32_t>(FunctionPlace::kLast))
        return false;
    function.returns = static_cast<FunctionReturns>(words[0]);
    function.place = static_cast<FunctionPlace>(words[1]);
    function.result = words[2];
    if (!IsParam(*params, function.result) || !TakesResult(*params, function.result))
        return false;
    for (std::size_t i = 3; i < word_count; i += 2) {
        const FunctionArgument argument{ words[i], words[i + 1] };
        if (!IsParam(*params, argument.param))
            return false;
        function.arguments.push_back(argument);
    }
    function.params = std::move(params);
    return true;
}

void* ResolveFunction(const std::wstring& library, const std::string& name) noexcept
{
    if (library.empty())
        return FindOwnFunction(name);
    // Never freed: what was called may be running in it.
    const HMODULE module = LoadLibraryExW(library.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module == nullptr)
        return nullptr;
    return reinterpret_cast<void*>(GetProcAddress(module, name.c_str()));
}

} // namespace callfactory
