#pragma once

#include "apartment_thread.h"
#include "begun_arguments.h"
#include "com_ptr.h"
#include "object_ref.h"
#include "type_table.h"
#include "value_convert.h"

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
    //! The [in] and [in,out] values; empty when JavaScript cannot have them. JavaScript thread,
    //! while the caller waits.
    Napi::Value UnpackIns(Napi::Env env) const;
    //! Reads the values of all [out] and [in,out] parameters; false when they do not fit.
    //! JavaScript thread.
    bool PackOuts(Napi::Env env, Napi::Value outs);
    //! Hands the [out] values to the caller, whose they are (FIN-10); nothing but zeros on failure.
    //! The caller's thread, which passes pointers of `apartment`.
    HRESULT Deliver(Apartment& apartment, HRESULT hr) noexcept;

    const MethodSignature& method() const noexcept { return *method_; }
    const BegunArguments& arguments() const noexcept { return given_; }

private:
    const TypeNode& TypeOf(std::size_t index) const noexcept
    {
        return method_->node(method_->params[index].node);
    }
    //! Where the caller has the value, or the elements; may be null.
    void* CallersPlace(std::size_t index) const noexcept;
    //! Where the value lies until it is delivered; null when JavaScript has made none.
    void* OwnPlace(std::size_t index) const noexcept;
    std::byte* Place(std::size_t index) const noexcept
    {
        return storage_.get() + method_->params[index].storage_offset;
    }
    //! What extents are of what the caller gave.
    Scope CallersScope() const noexcept { return Scope(*method_, given_); }
    //! What extents are of what comes out.
    Scope OwnScope() const noexcept { return Scope(*method_, given_, returned_); }
    HRESULT LearnExtents() noexcept;
    bool PackOut(ValueReader& reader, std::size_t index, Napi::Value value) noexcept;
    HRESULT PassPointers(Apartment& apartment) noexcept;
    void FreeReplaced() noexcept;
    void Give(std::size_t index) noexcept;

    std::shared_ptr<const MethodSignature> method_;
    std::array<std::uint64_t, kMaxParams> callers_{};
    //! What the caller gave, and what holds once the method has returned.
    BegunArguments given_;
    BegunArguments returned_;
    //! Bytes of the caller's that a value or elements have room in.
    std::array<std::uint64_t, kMaxParams> room_bytes_{};
    ReceivedPointers received_;
    //! JavaScript has returned what comes out; a ULONG method returns its number alone.
    bool has_outs_ = false;
    std::unique_ptr<std::byte[]> storage_;
    Counted<&Counters::buffers> counted_;
};

} // namespace callfactory
