#pragma once

#include "incoming_call.h"
#include "served_synchronize.h"
#include "vtable_implement.h"

#include <atomic>
#include <memory>
#include <oaidl.h>
#include <optional>
#include <vector>

namespace callfactory {

//! What a served object is made with.
struct ServedParts {
    std::shared_ptr<JsSettler> settler;
    //! JavaScript hears under it of calls, and of the end.
    std::uint32_t ticket = 0;
    std::shared_ptr<Apartment> home;
    std::vector<std::shared_ptr<const VtableLayout>> layouts;
    //! JavaScript's number for IUnknown.
    std::uint32_t unknown_id = 0;
    //! Borrowed; null for an object of its own (CALL-08).
    IUnknown* controlling = nullptr;
    //! Asks JavaScript for the inner unknown of an interface; null when it aggregates nothing.
    std::shared_ptr<const MethodSignature> query_inner;
    std::uint32_t query_inner_id = 0;
    //! Aggregates the free-threaded marshaler (MAR-10).
    bool is_free_threaded = false;
    //! A call object: has a synchronization of its own (SRV-12).
    bool is_call = false;
    //! A part of ours, such as a class factory: not counted.
    bool is_internal = false;
};

//! A COM object whose methods JavaScript implements.
//!
//! This is its own, inner IUnknown; every interface that it gives out delegates to the controlling
//! one. Counted from any thread, starts with one reference.
class ServedObject final : public IUnknown {
public:
    explicit ServedObject(ServedParts parts);
    ServedObject(const ServedObject&) = delete;
    ServedObject& operator=(const ServedObject&) = delete;

    IUnknown* controlling() const noexcept { return controlling_; }
    //! The first interface, borrowed; the inner unknown when there is none.
    IUnknown* first() noexcept { return facets_.empty() ? this : facets_.front().pointer(); }
    bool has(REFIID iid) const noexcept;

    //! Has JavaScript run the method at `slot`, and waits for it. Not the JavaScript thread.
    std::uint32_t Run(
        const VtableLayout& layout, std::size_t slot, const std::uint64_t* arguments) noexcept;

    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) noexcept override;
    ULONG STDMETHODCALLTYPE AddRef() noexcept override;
    ULONG STDMETHODCALLTYPE Release() noexcept override;

private:
    //! Says that failures come with IErrorInfo; a part that delegates.
    class ErrorSupport final : public ISupportErrorInfo {
    public:
        explicit ErrorSupport(ServedObject& owner) noexcept
            : owner_(owner)
        {
        }
        HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) noexcept override
        {
            return owner_.controlling()->QueryInterface(iid, object);
        }
        ULONG STDMETHODCALLTYPE AddRef() noexcept override
        {
            return owner_.controlling()->AddRef();
        }
        ULONG STDMETHODCALLTYPE Release() noexcept override
        {
            return owner_.controlling()->Release();
        }
        HRESULT STDMETHODCALLTYPE InterfaceSupportsErrorInfo(REFIID iid) noexcept override
        {
            return owner_.has(iid) ? S_OK : S_FALSE;
        }

    private:
        ServedObject& owner_;
    };

    ~ServedObject();
    IUnknown* PartFor(REFIID iid) noexcept;
    HRESULT QueryMarshaler(REFIID iid, void** object) noexcept;
    HRESULT QueryAggregated(REFIID iid, void** object) noexcept;
    std::uint32_t RunInJs(const std::shared_ptr<const MethodSignature>& method, std::uint32_t id,
        const std::uint64_t* arguments) noexcept;
    std::shared_ptr<Apartment> ApartmentOfCall(const MethodSignature& method) const noexcept;

    const ServedParts parts_;
    IUnknown* const controlling_;
    std::vector<Facet> facets_;
    ErrorSupport error_support_;
    ServedSynchronize synchronize_;
    std::atomic<ULONG> references_{ 1 };
    SrwLock lock_;
    com_ptr<IUnknown> marshaler_;
    //! What the open Begin_ was given, for its Finish_ (FIN-11).
    std::uint32_t begun_slot_ = 0;
    BegunArguments begun_;
    std::optional<Counted<&Counters::served>> counted_;
};

} // namespace callfactory
