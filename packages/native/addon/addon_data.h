#pragma once

#include "call_frame.h"
#include "incoming_frame.h"
#include "js_settler.h"
#include "type_table.h"

#include <memory>
#include <napi.h>
#include <unordered_set>
#include <vector>

namespace callfactory {

class ClientCall;
class IncomingWrap;
class ObjectRef;
struct VtableLayout;

//! What one JavaScript environment has in the addon. JavaScript thread.
class AddonData {
public:
    explicit AddonData(Napi::Env env);

    static AddonData& Of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }

    //! A new JavaScript object that shares `object` (AddRef).
    Napi::Value WrapObject(Napi::Env env, ObjectRef* object);
    //! A new JavaScript object that shares `call` (AddRef).
    Napi::Value WrapCall(Napi::Env env, ClientCall* call);
    //! A new JavaScript object for the interface pointer at `place`: an ObjectRef*, or what was
    //! received there.
    Napi::Value WrapPointerAt(Napi::Env env, const void* place);
    //! Borrows what WrapObject put in; null for anything else and for a released one.
    ObjectRef* UnwrapObject(Napi::Value value);
    //! An empty frame of method `method_id`; null with an exception thrown.
    std::unique_ptr<CallFrame> MakeFrame(Napi::Env env, std::uint32_t method_id) const;
    //! A packed frame of method `method_id`; null with an exception thrown.
    std::unique_ptr<CallFrame> PackFrame(
        Napi::Env env, std::uint32_t method_id, Napi::Value arguments) const;

    //! Closes the gate to JavaScript, then ends the apartments; waits a moment for them.
    void TearDown() noexcept;

    std::shared_ptr<JsSettler> settler;
    std::vector<IID> interfaces;
    std::vector<std::shared_ptr<const MethodSignature>> methods;
    std::vector<std::shared_ptr<const VtableLayout>> vtables;
    std::vector<std::weak_ptr<Apartment>> apartments;
    //! The interface pointers of the incoming call that is being read.
    const ReceivedPointers* received = nullptr;
    //! Incoming calls that JavaScript has not answered.
    std::unordered_set<IncomingWrap*> incoming;

private:
    Napi::FunctionReference apartment_class_;
    Napi::FunctionReference object_class_;
    Napi::FunctionReference call_class_;
    Napi::FunctionReference incoming_class_;
    Counted<&Counters::environments> counted_;

    friend class ApartmentWrap;
    friend class IncomingWrap;
};

//! Reads the arguments of a native function; the first that does not fit throws a TypeError.
class Arguments {
public:
    explicit Arguments(const Napi::CallbackInfo& info) noexcept
        : info_(info)
    {
    }

    std::uint32_t Uint32(std::size_t index);
    //! The IID that defineInterface gave this number; `id` is the number itself.
    IID Interface(std::size_t index, std::uint32_t& id);
    GUID Guid(std::size_t index);
    std::vector<std::uint8_t> Bytes(std::size_t index);
    //! UTF-16 without NUL; empty for null.
    std::wstring PathOrNull(std::size_t index);
    bool failed() const noexcept { return failed_; }

private:
    void Fail(std::size_t index, const char* expected);

    const Napi::CallbackInfo& info_;
    bool failed_ = false;
};

} // namespace callfactory
