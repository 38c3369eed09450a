#pragma once

#include "incoming_call.h"

#include <memory>
#include <napi.h>

namespace callfactory {

class AddonData;

//! What JavaScript holds for a call that it has been given to answer.
class IncomingWrap final : public Napi::ObjectWrap<IncomingWrap> {
public:
    static Napi::Function Define(Napi::Env env);
    static Napi::Value New(
        Napi::Env env, const std::shared_ptr<IncomingCall>& call, const com_ptr<ObjectRef>& self);

    explicit IncomingWrap(const Napi::CallbackInfo& info);
    ~IncomingWrap() override;

    //! Releases the caller, because JavaScript is going away.
    void Abandon() noexcept;

private:
    //! finish(result, outs or null, [description, source, helpFile, helpContext, iid] or null)
    Napi::Value JS_finish(const Napi::CallbackInfo& info);
    //! self(number of IUnknown): the controlling unknown of the object that runs, a reference of
    //! its own; null when the call is over.
    Napi::Value JS_self(const Napi::CallbackInfo& info);

    bool PackOuts(Napi::Env env, Napi::Value outs);
    void Answer(std::uint32_t result, ErrorDetail detail) noexcept;

    AddonData& data_;
    std::shared_ptr<IncomingCall> call_;
    com_ptr<ObjectRef> self_;
};

} // namespace callfactory
