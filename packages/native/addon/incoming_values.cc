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
    ValueWriter writer(env, *method_);
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        if (method_->params[i].direction == Direction::kOut)
            continue;
        Napi::HandleScope scope(env);
        ins.Set(next++, writer.Write(CallersScope(), TypeOf(i), CallersPlace(i)));
    }
    data.received = before;
    return writer.failed() ? Napi::Value() : ins;
}

//! Reads what depends on nothing first: an array may come before what counts it.
bool IncomingFrame::PackOuts(Napi::Env env, Napi::Value outs)
{
    if (!outs.IsArray() || outs.As<Napi::Array>().Length() != method_->out_count)
        return false;
    ValueReader reader(env, *method_);
    for (const bool refers : { false, true }) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < method_->params.size(); i++) {
            if (method_->params[i].direction == Direction::kIn)
                continue;
            const std::uint32_t place = next++;
            if (TypeOf(i).refers_to_params != refers)
                continue;
            Napi::HandleScope scope(env);
            const Napi::Value value = outs.As<Napi::Array>().Get(place);
            if (env.IsExceptionPending() || !PackOut(reader, i, value))
                return false;
        }
    }
    has_outs_ = true;
    return true;
}

bool IncomingFrame::PackOut(ValueReader& reader, std::size_t index, Napi::Value value) noexcept
{
    const ParamSignature& param = method_->params[index];
    const TypeNode& type = TypeOf(index);
    if (param.passing != Passing::kElements) {
        if (!reader.Read(OwnScope(), type, value, Place(index)))
            return false;
        if (param.is_named)
            returned_.Learn(*method_, param, Place(index));
        return true;
    }
    void*& elements = *reinterpret_cast<void**>(Place(index));
    // As large as its own counts say, but no larger than what the caller has.
    const bool is_text = type.kind == TypeKind::kChars && type.is_open;
    if (type.kind == TypeKind::kStruct || (is_text && type.bound.size == kNone))
        return reader.ReadBlock(OwnScope(), type, value, elements)
            && OwnScope().BytesOf(type, elements) <= room_bytes_[index];
    // The caller's buffer has room for so many (FIN-11).
    elements = AllocateZeroed(room_bytes_[index]);
    return elements != nullptr && reader.Read(OwnScope(), type, value, elements);
}

} // namespace callfactory
