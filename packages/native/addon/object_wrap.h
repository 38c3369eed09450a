#pragma once

#include "com_ptr.h"
#include "object_ref.h"

#include <napi.h>

namespace callfactory {

//! What JavaScript holds for an interface pointer.
class ObjectWrap final : public Napi::ObjectWrap<ObjectWrap> {
public:
    static Napi::Function Define(Napi::Env env);
    //! Borrows the reference; null when `value` is no such object, or has been released.
    static ObjectRef* RefOf(Napi::Value value);

    explicit ObjectWrap(const Napi::CallbackInfo& info);

private:
    Napi::Value JS_interfaceId(const Napi::CallbackInfo& info);
    void JS_queryInterface(const Napi::CallbackInfo& info);
    void JS_invoke(const Napi::CallbackInfo& info);
    void JS_createCall(const Napi::CallbackInfo& info);
    void JS_identity(const Napi::CallbackInfo& info);
    void JS_marshal(const Napi::CallbackInfo& info);
    Napi::Value JS_addRef(const Napi::CallbackInfo& info);
    void JS_release(const Napi::CallbackInfo& info);

    //! False, with a TypeError thrown, once released.
    bool IsAlive(Napi::Env env) const;

    com_ptr<ObjectRef> object_;
};

} // namespace callfactory
