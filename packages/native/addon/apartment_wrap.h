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
    void JS_activate(const Napi::CallbackInfo& info);
    void JS_unmarshal(const Napi::CallbackInfo& info);
    void JS_probe(const Napi::CallbackInfo& info);
    void JS_close(const Napi::CallbackInfo& info);

    std::shared_ptr<Apartment> apartment_;
};

} // namespace callfactory
