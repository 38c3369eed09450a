#include "call_frame.h"

#include "value_convert.h"
#include "value_memory.h"
#include "vtable_invoke.h"

#include <algorithm>
#include <cstring>

namespace callfactory {

namespace {

bool IsIn(const ParamSignature& param) noexcept { return param.direction != Direction::kOut; }
bool IsOut(const ParamSignature& param) noexcept { return param.direction != Direction::kIn; }

//! The count that bounds `array`, from what the caller gave; kNone when none of it does.
std::int32_t KnownBound(
    const BegunArguments& known, std::int32_t first, std::int32_t second) noexcept
{
    if (known.Knows(first))
        return first;
    return known.Knows(second) ? second : kNone;
}

} // namespace

CallFrame::CallFrame(std::shared_ptr<const MethodSignature> method)
    : method_(std::move(method))
{
    const std::uint32_t bytes = method_->storage_bytes;
    if (bytes > kInlineBytes) {
        heap_storage_ = std::make_unique<std::byte[]>(bytes);
        storage_ = heap_storage_.get();
    } else {
        std::memset(inline_storage_, 0, bytes);
    }
}

CallFrame::~CallFrame()
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode& type = method_->node(param.node);
        if (param.passing != Passing::kElements) {
            FreeValue(*method_, type, Place(param), capacities_[i]);
            continue;
        }
        void*& elements = *reinterpret_cast<void**>(Place(param));
        if (elements != nullptr)
            FreeValue(*method_, type, elements, capacities_[i]);
        CoTaskMemFree(elements);
    }
}

bool CallFrame::Pack(Napi::Env env, Napi::Value arguments)
{
    const bool is_array = arguments.IsArray();
    if (!is_array || arguments.As<Napi::Array>().Length() != method_->in_count) {
        Napi::TypeError::New(
            env, method_->name + " takes " + std::to_string(method_->in_count) + " argument(s)")
            .ThrowAsJavaScriptException();
        return false;
    }
    const auto list = arguments.As<Napi::Array>();
    if (!PackCounts(env, list))
        return false;
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        if (!IsIn(method_->params[i]))
            continue;
        Napi::HandleScope scope(env);
        const Napi::Value value = list.Get(place++);
        if (!env.IsExceptionPending() && PackParam(env, i, value))
            continue;
        if (!env.IsExceptionPending())
            Napi::TypeError::New(env,
                method_->name + ": argument " + std::to_string(place) + " does not fit its type")
                .ThrowAsJavaScriptException();
        return false;
    }
    return true;
}

//! Reads the counts first: an array may come before the parameter that sizes it.
bool CallFrame::PackCounts(Napi::Env env, Napi::Array arguments) noexcept
{
    std::uint32_t place = 0;
    for (const ParamSignature& param : method_->params) {
        if (!IsIn(param))
            continue;
        const Napi::Value value = arguments.Get(place++);
        if (env.IsExceptionPending())
            return false;
        double count = 0;
        if (!param.is_count || napi_get_value_double(env, value, &count) != napi_ok)
            continue;
        if (count >= 0 && count <= 0xffffffffu) {
            arguments_.counts[param.sync_index] = static_cast<std::uint32_t>(count);
            arguments_.known |= 1u << param.sync_index;
        }
    }
    return true;
}

bool CallFrame::PackParam(Napi::Env env, std::size_t index, Napi::Value value) noexcept
{
    const ParamSignature& param = method_->params[index];
    const TypeNode& type = method_->node(param.node);
    if (type.kind == TypeKind::kArray)
        return PackArray(env, index, value);
    if (const TypeNode* array = method_->ArrayOf(param); array != nullptr && !value.IsNull()) {
        std::uint32_t length = 0;
        if (!LengthOf(value, length))
            return false;
        const std::int32_t bound = KnownBound(arguments_, array->size_is, array->length_is);
        capacities_[index] = bound == kNone ? length : arguments_.counts[bound];
    }
    if (!ReadValue(env, *method_, type, value, Place(param), capacities_[index]))
        return false;
    // Arrays are as long as the count that was read first: the callee must not see another.
    double count = 0;
    if (param.is_count && napi_get_value_double(env, value, &count) == napi_ok) {
        const bool known = arguments_.Knows(static_cast<std::int32_t>(param.sync_index));
        if (known != (count >= 0) || (known && count != arguments_.counts[param.sync_index]))
            return false;
    }
    if (type.kind == TypeKind::kGuid)
        arguments_.iids.emplace_back(static_cast<std::int32_t>(param.sync_index),
            *reinterpret_cast<const IID*>(Place(param)));
    return true;
}

//! Allocates what size_is says and reads what length_is says.
bool CallFrame::PackArray(Napi::Env env, std::size_t index, Napi::Value value) noexcept
{
    const ParamSignature& param = method_->params[index];
    const TypeNode& array = method_->node(param.node);
    std::uint32_t length = 0;
    if (!LengthOf(value, length))
        return false;
    const std::int32_t size_bound = KnownBound(arguments_, array.size_is, array.length_is);
    const std::int32_t data_bound = KnownBound(arguments_, array.length_is, array.size_is);
    const std::uint32_t size = size_bound == kNone ? length : arguments_.counts[size_bound];
    const std::uint32_t data = data_bound == kNone ? length : arguments_.counts[data_bound];
    capacities_[index] = std::max(size, data);
    void* const elements = AllocateZeroed(TargetBytes(*method_, array, capacities_[index]));
    *reinterpret_cast<void**>(Place(param)) = elements;
    return elements != nullptr
        && ReadElements(env, *method_, array, value, elements, ElementCount(array, data));
}

Napi::Value CallFrame::Unpack(Napi::Env env, HRESULT method_hr) const
{
    const bool succeeded = SUCCEEDED(method_hr);
    Napi::Array reply = Napi::Array::New(env, succeeded ? 1 + method_->out_count : 1);
    std::uint32_t place = 0;
    reply.Set(place++, Napi::Number::New(env, static_cast<std::uint32_t>(method_hr)));
    if (!succeeded && error_.given)
        reply.Set(place, ErrorDetailToJs(env, error_));
    for (std::size_t i = 0; i < method_->params.size() && succeeded; i++) {
        const ParamSignature& param = method_->params[i];
        if (!IsOut(param))
            continue;
        const TypeNode& type = method_->node(param.node);
        const std::uint32_t length = VisibleLength(i);
        if (param.passing != Passing::kElements) {
            reply.Set(place++, WriteValue(env, *method_, type, Place(param), length));
            continue;
        }
        const void* const elements = *reinterpret_cast<void* const*>(Place(param));
        reply.Set(
            place++, WriteElements(env, *method_, type, elements, ElementCount(type, length)));
    }
    return reply;
}

//! Elements that hold data: length_is, but never more than there is room for.
std::uint32_t CallFrame::VisibleLength(std::size_t index) const noexcept
{
    const TypeNode* const array = method_->ArrayOf(method_->params[index]);
    if (array == nullptr || !arguments_.Knows(array->length_is))
        return capacities_[index];
    return std::min(arguments_.counts[array->length_is], capacities_[index]);
}

} // namespace callfactory
