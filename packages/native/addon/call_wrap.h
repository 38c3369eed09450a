#pragma once

#include "client_call.h"
#include "com_ptr.h"

#include <napi.h>

namespace callfactory {

//! What JavaScript holds for a client call object.
class CallWrap final : public Napi::ObjectWrap<CallWrap> {
public:
    static Napi::Function Define(Napi::Env env);

    explicit CallWrap(const Napi::CallbackInfo& info);
    ~CallWrap() override;

private:
    void JS_begin(const Napi::CallbackInfo& info);
    void JS_finish(const Napi::CallbackInfo& info);
    Napi::Value JS_watch(const Napi::CallbackInfo& info);
    Napi::Value JS_signaled(const Napi::CallbackInfo& info);
    void JS_cancel(const Napi::CallbackInfo& info);
    void JS_testCancel(const Napi::CallbackInfo& info);
    void JS_queryInterface(const Napi::CallbackInfo& info);
    void JS_release(const Napi::CallbackInfo& info);

    //! False, with a TypeError thrown, once released.
    bool IsAlive(Napi::Env env) const;
    void GiveUp() noexcept;

    com_ptr<ClientCall> call_;
};

} // namespace callfactory
