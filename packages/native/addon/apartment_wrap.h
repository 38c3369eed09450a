#pragma once

#include "apartment_thread.h"

#include <memory>
#include <napi.h>

namespace callfactory {

//! What JavaScript holds for an apartment.
class ApartmentWrap final : public Napi::ObjectWrap<ApartmentWrap> {
public:
    static Napi::Function Define(Napi::Env env);
    //! openApartment(ticket, kind): settles when the apartment's thread has entered it.
    static Napi::Value Open(const Napi::CallbackInfo& info);

    explicit ApartmentWrap(const Napi::CallbackInfo& info);
    ~ApartmentWrap() override;

private:
    Napi::Value JS_id(const Napi::CallbackInfo& info);
    void JS_activate(const Napi::CallbackInfo& info);
    void JS_unmarshal(const Napi::CallbackInfo& info);
    //! implement(ticket, vtables, flags, IUnknown's number, outer or null, query inner's number or
    //! null): the first interface, or the inner unknown. The ticket never settles: see Delivery.
    Napi::Value JS_implement(const Napi::CallbackInfo& info);
    //! registerClass(ticket, clsid, class object, CLSCTX_*, REGCLS_*): what revokeClass takes.
    void JS_registerClass(const Napi::CallbackInfo& info);
    void JS_revokeClass(const Napi::CallbackInfo& info);
    void JS_probe(const Napi::CallbackInfo& info);
    void JS_close(const Napi::CallbackInfo& info);

    std::shared_ptr<Apartment> apartment_;
};

} // namespace callfactory
