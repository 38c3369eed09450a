#pragma once

#include "apartment_thread.h"
#include "begun_arguments.h"
#include "error_detail.h"
#include "type_table.h"
#include "value_convert.h"

#include <memory>
#include <napi.h>

namespace callfactory {

//! The arguments of one call of one method in memory: packed from JavaScript, passed, unpacked.
class CallFrame {
public:
    explicit CallFrame(std::shared_ptr<const MethodSignature> method);
    CallFrame(const CallFrame&) = delete;
    CallFrame& operator=(const CallFrame&) = delete;
    ~CallFrame();

    //! Reads the [in] and [in,out] arguments; false with a TypeError thrown. JavaScript thread.
    bool Pack(Napi::Env env, Napi::Value arguments);
    //! Adds what Begin_ was given, before Invoke of the Finish_ half.
    void Continue(const BegunArguments& begun) { given_ = arguments_ = begun; }
    //! Calls the method on `object`, an interface pointer of `apartment`. Apartment thread.
    //!
    //! Fails without a call when memory or an interface pointer is wrong (APT-04); the method's
    //! own HRESULT is `method_hr`.
    HRESULT Invoke(Apartment& apartment, void* object, HRESULT& method_hr) noexcept;
    //! The method's HRESULT, followed when it succeeded by what a method returns that has none and
    //! by all out values, else by what the object says of it. JavaScript thread.
    Napi::Value Unpack(Napi::Env env, HRESULT method_hr) const;
    //! Takes up what `object` says of a failed call through `iid`. Apartment thread.
    void CollectError(IUnknown* object, REFIID iid) noexcept
    {
        error_ = callfactory::CollectError(object, iid);
    }

    const MethodSignature& method() const noexcept { return *method_; }
    const BegunArguments& arguments() const noexcept { return arguments_; }

private:
    std::byte* Place(const ParamSignature& param) const noexcept
    {
        return storage_ + param.storage_offset;
    }
    //! Where the value is: in the storage, or where that says; null before it is allocated.
    void* ValueOf(const ParamSignature& param) const noexcept;
    //! What extents are, once the method has returned: an [in] value is as it was given.
    Scope ScopeOf(const ParamSignature& param) const noexcept;
    const TypeNode& TypeOf(const ParamSignature& param) const noexcept
    {
        return method_->node(param.node);
    }
    bool PackParams(Napi::Env env, Napi::Array values);
    bool PackParam(ValueReader& reader, const ParamSignature& param, Napi::Value value) noexcept;
    void InferExtent(const TypeNode& type, Napi::Value value) noexcept;
    HRESULT AllocateOut(const ParamSignature& param) noexcept;
    HRESULT PassPointers(Apartment& apartment) noexcept;
    void LoadArguments(std::uint64_t* slots) const noexcept;
    void TakeOuts(Apartment& apartment, HRESULT method_hr) noexcept;

    static constexpr std::size_t kInlineBytes = 192;

    std::shared_ptr<const MethodSignature> method_;
    //! What the caller gave, and what holds now.
    BegunArguments given_;
    BegunArguments arguments_;
    ErrorDetail error_;
    std::uint32_t returned_ = 0;
    alignas(16) std::byte inline_storage_[kInlineBytes];
    std::unique_ptr<std::byte[]> heap_storage_;
    std::byte* storage_ = inline_storage_;
    Counted<&Counters::buffers> counted_;
};

} // namespace callfactory
