#pragma once

#include "apartment_thread.h"
#include "begun_arguments.h"
#include "com_ptr.h"
#include "object_ref.h"
#include "type_table.h"

#include <memory>
#include <napi.h>
#include <utility>
#include <vector>

namespace callfactory {

//! Interface pointers of a caller by their place in its memory, in the form of ObjectRef.
using ReceivedPointers = std::vector<std::pair<const void*, com_ptr<ObjectRef>>>;

//! The arguments of one call of a method that JavaScript implements.
//!
//! The [in] values are read where the caller has them; the [out] values lie here until they are
//! delivered, so that a caller that is gone misses them and nothing else.
class IncomingFrame {
public:
    IncomingFrame(std::shared_ptr<const MethodSignature> method, const std::uint64_t* arguments);
    IncomingFrame(const IncomingFrame&) = delete;
    IncomingFrame& operator=(const IncomingFrame&) = delete;
    ~IncomingFrame();

    //! Learns counts and IIDs and takes references to the interface pointers (AddRef), for
    //! JavaScript to use in `apartment`; `begun` is what a Finish_ half needs. The caller's thread.
    HRESULT Receive(Apartment& apartment, const BegunArguments& begun) noexcept;
    //! The [in] and [in,out] values. JavaScript thread, while the caller waits.
    Napi::Value UnpackIns(Napi::Env env) const;
    //! Reads the values of all [out] and [in,out] parameters; false when they do not fit.
    //! JavaScript thread.
    bool PackOuts(Napi::Env env, Napi::Value outs);
    //! Hands the [out] values to the caller, whose they are (FIN-10); nothing but zeros on failure.
    //! The caller's thread, which passes pointers of `apartment`.
    HRESULT Deliver(Apartment& apartment, HRESULT hr) noexcept;

    const MethodSignature& method() const noexcept { return *method_; }
    const BegunArguments& arguments() const noexcept { return arguments_; }

private:
    //! Where the caller has the value, or the elements; may be null.
    void* CallersPlace(std::size_t index) const noexcept;
    std::byte* Place(const ParamSignature& param) const noexcept
    {
        return storage_.get() + param.storage_offset;
    }
    std::uint32_t VisibleLength(std::size_t index) const noexcept;
    HRESULT LearnExtents() noexcept;
    bool PackOut(Napi::Env env, std::size_t index, Napi::Value value) noexcept;
    HRESULT PassPointers(Apartment& apartment) noexcept;
    void Give(std::size_t index) noexcept;

    std::shared_ptr<const MethodSignature> method_;
    std::array<std::uint64_t, kMaxParams> callers_;
    BegunArguments arguments_;
    //! Elements that each array of the caller's has room for.
    std::array<std::uint32_t, kMaxParams> capacities_{};
    //! Elements of each [out] array that JavaScript made.
    std::array<std::uint32_t, kMaxParams> made_{};
    ReceivedPointers received_;
    std::unique_ptr<std::byte[]> storage_;
    Counted<&Counters::buffers> counted_;
};

} // namespace callfactory
