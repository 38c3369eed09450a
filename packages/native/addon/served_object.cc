#include "served_object.h"

#include "apartment_membership.h"
#include "hresult.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace callfactory {

namespace {

// Not in every SDK's import library.
constexpr IID kAgileObject
    = { 0x94ea2b94, 0xe9cc, 0x49e0, { 0xc0, 0xff, 0xee, 0x64, 0xca, 0x8f, 0x5b, 0x90 } };

//! Whether the calling thread belongs to the process's MTA.
bool IsInMta() noexcept
{
    APTTYPE type = APTTYPE_CURRENT;
    APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NONE;
    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type == APTTYPE_MTA;
}

} // namespace

ServedObject::ServedObject(ServedParts parts)
    : parts_(std::move(parts))
    , controlling_(parts_.controlling == nullptr ? this : parts_.controlling)
    , error_support_(*this)
    , synchronize_(controlling_)
{
    // Interface pointers are addresses of facets: they must not move.
    facets_.reserve(parts_.layouts.size());
    for (const auto& layout : parts_.layouts)
        facets_.push_back({ layout->slots.data(), this, layout.get() });
    if (!parts_.is_internal)
        counted_.emplace();
}

ServedObject::~ServedObject() { (new Farewell(parts_.settler, parts_.ticket))->Run(); }

ULONG ServedObject::AddRef() noexcept
{
    return references_.fetch_add(1, std::memory_order_relaxed) + 1;
}

ULONG ServedObject::Release() noexcept
{
    const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left == 0)
        delete this;
    return left;
}

bool ServedObject::has(REFIID iid) const noexcept
{
    return std::any_of(parts_.layouts.begin(), parts_.layouts.end(), [&](const auto& layout) {
        return std::find(layout->iids.begin(), layout->iids.end(), iid) != layout->iids.end();
    });
}

//! The part of this object that is `iid`, borrowed; null when JavaScript brings none.
IUnknown* ServedObject::PartFor(REFIID iid) noexcept
{
    for (Facet& facet : facets_) {
        const auto& iids = facet.layout->iids;
        if (std::find(iids.begin(), iids.end(), iid) != iids.end())
            return facet.pointer();
    }
    if (parts_.is_call && iid == __uuidof(ISynchronize))
        return static_cast<ISynchronize*>(&synchronize_);
    if (parts_.is_call && iid == __uuidof(ISynchronizeHandle))
        return static_cast<ISynchronizeHandle*>(&synchronize_);
    return iid == __uuidof(ISupportErrorInfo) ? &error_support_ : nullptr;
}

HRESULT ServedObject::QueryInterface(REFIID iid, void** object) noexcept
{
    RETURN_HR_IF(E_POINTER, object == nullptr);
    *object = nullptr;
    if (iid == __uuidof(IUnknown)) {
        *object = static_cast<IUnknown*>(this);
        AddRef();
        return S_OK;
    }
    if (IUnknown* const part = PartFor(iid)) {
        *object = part;
        part->AddRef();
        return S_OK;
    }
    if (parts_.is_free_threaded && (iid == __uuidof(IMarshal) || iid == kAgileObject))
        return QueryMarshaler(iid, object);
    return parts_.query_inner ? QueryAggregated(iid, object) : E_NOINTERFACE;
}

HRESULT ServedObject::QueryMarshaler(REFIID iid, void** object) noexcept
{
    com_ptr<IUnknown> marshaler;
    {
        std::lock_guard guard(lock_);
        marshaler = marshaler_;
    }
    if (!marshaler) {
        RETURN_IF_FAILED(CoCreateFreeThreadedMarshaler(controlling_, marshaler.put()));
        std::lock_guard guard(lock_);
        marshaler_ = marshaler;
    }
    if (iid == __uuidof(IMarshal))
        return marshaler->QueryInterface(iid, object);
    // It has no methods: any pointer that delegates will do.
    IUnknown* const agile = facets_.empty() ? &error_support_ : first();
    agile->AddRef();
    *object = agile;
    return S_OK;
}

//! Passes the question on to an object that this one aggregates (SYNC-27).
HRESULT ServedObject::QueryAggregated(REFIID iid, void** object) noexcept
{
    com_ptr<IUnknown> inner;
    const std::uint64_t arguments[kMaxParams]
        = { reinterpret_cast<std::uintptr_t>(&iid), reinterpret_cast<std::uintptr_t>(inner.put()) };
    const auto hr
        = static_cast<HRESULT>(RunInJs(parts_.query_inner, parts_.query_inner_id, arguments));
    RETURN_IF_FAILED(hr);
    RETURN_HR_IF(E_NOINTERFACE, !inner);
    return inner->QueryInterface(iid, object);
}

std::uint32_t ServedObject::Run(
    const VtableLayout& layout, std::size_t slot, const std::uint64_t* arguments) noexcept
{
    const auto& method = layout.methods[slot];
    if (!method)
        return static_cast<std::uint32_t>(E_NOTIMPL);
    return RunInJs(method, layout.method_ids[slot], arguments);
}

//! The apartment that pointers belong to which this call brings; null when nobody here can use
//! them.
std::shared_ptr<Apartment> ServedObject::ApartmentOfCall(
    const MethodSignature& method) const noexcept
{
    Apartment* const here = current_apartment;
    if (here != nullptr && here->owner() == parts_.home->owner())
        return here->shared_from_this();
    const bool is_shared = parts_.home->kind() == ApartmentKind::kMta && IsInMta();
    return is_shared || !method.has_interfaces ? parts_.home : nullptr;
}

std::uint32_t ServedObject::RunInJs(const std::shared_ptr<const MethodSignature>& method,
    std::uint32_t id, const std::uint64_t* arguments) noexcept
{
    // JavaScript would wait for itself; and its thread is in no apartment.
    const auto apartment = parts_.settler->IsJsThread() ? nullptr : ApartmentOfCall(*method);
    if (!apartment)
        return static_cast<std::uint32_t>(RPC_E_WRONG_THREAD);
    const bool is_aggregated = controlling_ != this;
    const auto call = std::make_shared<IncomingCall>(
        method, arguments, apartment, is_aggregated ? nullptr : this);
    if (call->done() == nullptr)
        return static_cast<std::uint32_t>(E_OUTOFMEMORY);
    BegunArguments begun;
    {
        std::lock_guard guard(lock_);
        if (method->half == Half::kFinish && begun_slot_ == method->sync_slot)
            begun = begun_;
    }
    const HRESULT received = call->frame().Receive(*apartment, begun);
    if (FAILED(received))
        return static_cast<std::uint32_t>(received);
    if (method->half == Half::kBegin) {
        std::lock_guard guard(lock_);
        begun_slot_ = method->sync_slot;
        begun_ = call->frame().arguments();
    }
    com_ptr<ObjectRef> self;
    if (is_aggregated)
        self = make_counted<ObjectRef>(
            apartment, com_ptr<IUnknown>(controlling_), __uuidof(IUnknown), parts_.unknown_id);
    (new Delivery(parts_.settler, parts_.ticket, call, id, std::move(self)))->Run();
    const std::uint32_t result = call->Conclude(parts_.home->AwaitReply(call->done()));
    const bool can_fail = method->returns == Returns::kHresult;
    const HRESULT hr
        = call->frame().Deliver(*apartment, can_fail ? static_cast<HRESULT>(result) : S_OK);
    call->DropFrame();
    if (can_fail && FAILED(hr))
        PublishError(call->detail());
    return can_fail ? static_cast<std::uint32_t>(hr) : result;
}

} // namespace callfactory
