#include "function_call.h"

#include "hresult.h"

#include <array>
#include <utility>

namespace callfactory {

namespace {

template <std::size_t> using Eight = std::uint64_t;

//! As in vtable_invoke.cc: the caller cleans the stack, so that arguments too many do no harm.
template <std::size_t... I>
std::uint64_t CallWithAll(
    void* entry, const std::uint64_t* arguments, std::index_sequence<I...>) noexcept
{
    using Function = std::uint64_t(STDAPICALLTYPE*)(Eight<I>...);
    return reinterpret_cast<Function>(entry)(arguments[I]...);
}

} // namespace

FunctionOperation::FunctionOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    std::shared_ptr<Apartment> apartment, std::shared_ptr<const FunctionSignature> function,
    std::unique_ptr<CallFrame> frame) noexcept
    : Operation(std::move(settler), ticket)
    , apartment_(std::move(apartment))
    , function_(std::move(function))
    , frame_(std::move(frame))
{
}

HRESULT FunctionOperation::Execute() noexcept
{
    std::uint64_t slots[kMaxParams] = {};
    RETURN_IF_FAILED(frame_->Enter(*apartment_, slots));
    std::uint64_t arguments[kMaxFunctionArguments] = {};
    for (std::size_t i = 0; i < function_->arguments.size(); i++) {
        const FunctionArgument& argument = function_->arguments[i];
        arguments[i] = argument.param == kNone
            ? static_cast<std::uint64_t>(std::int64_t{ argument.literal })
            : slots[argument.param];
    }
    const std::uint64_t returned = CallWithAll(
        function_->entry, arguments, std::make_index_sequence<kMaxFunctionArguments>());
    function_hr_ = Judge(returned);
    frame_->Leave(*apartment_, function_hr_);
    return S_OK;
}

//! The HRESULT of a function that returned so, whatever its convention.
HRESULT FunctionOperation::Judge(std::uint64_t returned) noexcept
{
    const auto low = static_cast<std::uint32_t>(returned);
    switch (function_->returns) {
    case FunctionReturns::kHresult:
        return static_cast<HRESULT>(low);
    case FunctionReturns::kVoid:
        return S_OK;
    case FunctionReturns::kBool:
        return low != 0 ? S_OK : LastErrorHresult();
    case FunctionReturns::kHandle:
        RETURN_HR_IF(LastErrorHresult(), returned == 0);
        break;
    case FunctionReturns::kWait:
        RETURN_HR_IF(LastErrorHresult(), low == WAIT_FAILED);
        break;
    case FunctionReturns::kValue:
        break;
    }
    if (function_->result != kNone)
        frame_->SetOut(static_cast<std::size_t>(function_->result), returned);
    return S_OK;
}

} // namespace callfactory
