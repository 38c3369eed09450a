#include "call_frame.h"

#include "value_convert.h"
#include "value_memory.h"

#include <cstring>
#include <string>

namespace callfactory {

namespace {

bool IsIn(const ParamSignature& param) noexcept { return param.direction != Direction::kOut; }
bool IsOut(const ParamSignature& param) noexcept { return param.direction != Direction::kIn; }

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
    if (!method_->has_memory)
        return;
    // One for all: what several parameters share is freed once.
    ValueFreer freer;
    for (const ParamSignature& param : method_->params) {
        void* const value = ValueOf(param);
        if (value == nullptr)
            continue;
        freer.Free(ScopeOf(param), TypeOf(param), value);
        if (param.passing == Passing::kElements)
            freer.FreeBlock(value);
    }
}

void* CallFrame::ValueOf(const ParamSignature& param) const noexcept
{
    void* const place = Place(param);
    return param.passing == Passing::kElements ? *static_cast<void**>(place) : place;
}

Scope CallFrame::ScopeOf(const ParamSignature& param) const noexcept
{
    return IsOut(param) ? Scope(*method_, given_, arguments_) : Scope(*method_, given_);
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
    const bool fits = PackParams(env, arguments.As<Napi::Array>());
    arguments_ = given_;
    return fits;
}

//! Reads what depends on nothing first: an array may come before the parameter that sizes it.
bool CallFrame::PackParams(Napi::Env env, Napi::Array values)
{
    ValueReader reader(env, *method_);
    for (const bool refers : { false, true }) {
        std::uint32_t place = 0;
        for (const ParamSignature& param : method_->params) {
            if (!IsIn(param))
                continue;
            const std::uint32_t index = place++;
            if (TypeOf(param).refers_to_params != refers)
                continue;
            Napi::HandleScope scope(env);
            const Napi::Value value = values.Get(index);
            if (!env.IsExceptionPending() && PackParam(reader, param, value))
                continue;
            if (!env.IsExceptionPending())
                Napi::TypeError::New(env,
                    method_->name + ": argument " + std::to_string(place)
                        + " does not fit its type")
                    .ThrowAsJavaScriptException();
            return false;
        }
    }
    return true;
}

bool CallFrame::PackParam(
    ValueReader& reader, const ParamSignature& param, Napi::Value value) noexcept
{
    const TypeNode& type = TypeOf(param);
    if (type.refers_to_params)
        InferExtent(type, value);
    const Scope scope(*method_, given_);
    if (param.passing == Passing::kElements)
        return reader.ReadBlock(scope, type, value, *reinterpret_cast<void**>(Place(param)));
    if (!reader.Read(scope, type, value, Place(param)))
        return false;
    if (param.is_named)
        given_.Learn(*method_, param, Place(param));
    return true;
}

//! An array that only an [out] parameter sizes goes in as long as it is.
void CallFrame::InferExtent(const TypeNode& type, Napi::Value value) noexcept
{
    const TypeNode& array = type.kind == TypeKind::kPointer ? method_->node(type.target) : type;
    Extent extent;
    std::uint32_t length = 0;
    if (array.kind != TypeKind::kArray || Scope(*method_, given_).ExtentOf(array, extent)
        || !LengthOf(value, length))
        return;
    const Bound& bound = array.bound;
    const std::int32_t name = bound.size != kNone ? bound.size : bound.data;
    const bool is_last = bound.size != kNone ? bound.size_is_last : bound.data_is_last;
    if (name >= 0 && name < kFirstMember && !given_.Knows(name))
        given_.Learn(static_cast<std::uint32_t>(name), std::int64_t{ length } - is_last);
}

Napi::Value CallFrame::Unpack(Napi::Env env, HRESULT method_hr) const
{
    const auto refusal = [env](HRESULT hr) {
        Napi::Array reply = Napi::Array::New(env, 1);
        reply.Set(0u, Napi::Number::New(env, static_cast<std::uint32_t>(hr)));
        return reply;
    };
    Napi::Array reply = refusal(method_hr);
    std::uint32_t place = 1;
    if (FAILED(method_hr)) {
        if (error_.given)
            reply.Set(place, ErrorDetailToJs(env, error_));
        return reply;
    }
    if (method_->returns == Returns::kUlong)
        reply.Set(place++, Napi::Number::New(env, returned_));
    ValueWriter writer(env, *method_);
    for (const ParamSignature& param : method_->params) {
        if (!IsOut(param))
            continue;
        Napi::HandleScope scope(env);
        reply.Set(place++, writer.Write(ScopeOf(param), TypeOf(param), ValueOf(param)));
    }
    // As a proxy says it of a reply that makes no sense.
    return writer.failed() ? refusal(RPC_E_CLIENT_CANTUNMARSHAL_DATA) : reply;
}

} // namespace callfactory
