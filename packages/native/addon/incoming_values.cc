#include "addon_data.h"
#include "incoming_frame.h"
#include "value_convert.h"
#include "value_memory.h"

#include <utility>

// The half of an incoming frame that runs on the JavaScript thread.

namespace callfactory {

Napi::Value IncomingFrame::UnpackIns(Napi::Env env) const
{
    AddonData& data = AddonData::Of(env);
    const ReceivedPointers* const before = std::exchange(data.received, &received_);
    Napi::Array ins = Napi::Array::New(env, method_->in_count);
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (param.direction == Direction::kOut)
            continue;
        Napi::HandleScope scope(env);
        const TypeNode& type = method_->node(param.node);
        const std::uint32_t length = VisibleLength(i);
        const void* const place = CallersPlace(i);
        ins.Set(next++,
            param.passing == Passing::kElements
                ? WriteElements(env, *method_, type, place, ElementCount(type, length))
                : WriteValue(env, *method_, type, place, length));
    }
    data.received = before;
    return ins;
}

bool IncomingFrame::PackOuts(Napi::Env env, Napi::Value outs)
{
    if (!outs.IsArray() || outs.As<Napi::Array>().Length() != method_->out_count)
        return false;
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        if (method_->params[i].direction == Direction::kIn)
            continue;
        Napi::HandleScope scope(env);
        const Napi::Value value = outs.As<Napi::Array>().Get(next++);
        if (env.IsExceptionPending() || !PackOut(env, i, value))
            return false;
    }
    return true;
}

bool IncomingFrame::PackOut(Napi::Env env, std::size_t index, Napi::Value value) noexcept
{
    const ParamSignature& param = method_->params[index];
    const TypeNode& type = method_->node(param.node);
    if (const TypeNode* const array = method_->ArrayOf(param); array != nullptr) {
        if (!value.IsNull() && !LengthOf(value, made_[index]))
            return false;
        // The caller's buffer has room for so many (FIN-11).
        const bool is_callers = param.passing == Passing::kElements;
        if (is_callers && array->length == kNone && made_[index] > capacities_[index])
            return false;
    }
    if (param.passing != Passing::kElements)
        return ReadValue(env, *method_, type, value, Place(param), made_[index]);
    void* const elements = AllocateZeroed(TargetBytes(*method_, type, capacities_[index]));
    *reinterpret_cast<void**>(Place(param)) = elements;
    return elements != nullptr
        && ReadElements(env, *method_, type, value, elements, ElementCount(type, made_[index]));
}

} // namespace callfactory
