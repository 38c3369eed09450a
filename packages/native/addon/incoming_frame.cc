#include "incoming_frame.h"

#include "hresult.h"
#include "pointer_passing.h"
#include "value_memory.h"

#include <algorithm>
#include <cstring>

// The half of an incoming frame that runs on the caller's thread.

namespace callfactory {

namespace {

bool IsIn(const ParamSignature& param) noexcept { return param.direction != Direction::kOut; }
bool IsOut(const ParamSignature& param) noexcept { return param.direction != Direction::kIn; }

//! Takes a reference to each interface pointer, and leaves it where it is.
class PointerReceiver final : public ValueVisitor {
public:
    PointerReceiver(Apartment& apartment, ReceivedPointers& received) noexcept
        : apartment_(apartment)
        , received_(received)
    {
    }

    void OnInterface(const TypeNode& type, const IID& iid, void** place) noexcept override
    {
        com_ptr<IUnknown> pointer(static_cast<IUnknown*>(*place));
        received_.emplace_back(place,
            make_counted<ObjectRef>(
                apartment_.shared_from_this(), std::move(pointer), iid, type.interface_id));
    }

private:
    Apartment& apartment_;
    ReceivedPointers& received_;
};

} // namespace

IncomingFrame::IncomingFrame(
    std::shared_ptr<const MethodSignature> method, const std::uint64_t* arguments)
    : method_(std::move(method))
    , storage_(std::make_unique<std::byte[]>(method_->storage_bytes))
{
    std::copy(arguments, arguments + method_->params.size(), callers_.begin());
}

IncomingFrame::~IncomingFrame()
{
    if (!method_->has_memory)
        return;
    ValueFreer freer;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        if (!IsOut(method_->params[i]) || OwnPlace(i) == nullptr)
            continue;
        freer.Free(OwnScope(), TypeOf(i), OwnPlace(i));
        if (method_->params[i].passing == Passing::kElements)
            freer.FreeBlock(OwnPlace(i));
    }
}

void* IncomingFrame::CallersPlace(std::size_t index) const noexcept
{
    if (method_->params[index].passing == Passing::kByValue)
        return const_cast<std::uint64_t*>(&callers_[index]);
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(callers_[index]));
}

void* IncomingFrame::OwnPlace(std::size_t index) const noexcept
{
    void* const place = Place(index);
    const bool is_elements = method_->params[index].passing == Passing::kElements;
    return is_elements ? *static_cast<void**>(place) : place;
}

HRESULT IncomingFrame::Receive(Apartment& apartment, const BegunArguments& begun) noexcept
{
    if (method_->half == Half::kFinish)
        given_ = begun;
    RETURN_IF_FAILED(LearnExtents());
    returned_ = given_;
    if (!method_->has_interfaces)
        return S_OK;
    PointerReceiver receiver(apartment, received_);
    ValueWalk walk(receiver, WalkFor::kInterfaces);
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        if (IsIn(method_->params[i]) && CallersPlace(i) != nullptr)
            walk.Walk(CallersScope(), TypeOf(i), CallersPlace(i));
    }
    return S_OK;
}

//! Reads what others refer to, then how much memory the caller has for each value.
HRESULT IncomingFrame::LearnExtents() noexcept
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (!IsIn(param))
            continue;
        const bool is_missing
            = param.passing == Passing::kByReference && CallersPlace(i) == nullptr;
        RETURN_HR_IF(E_POINTER, is_missing);
        if (param.is_named)
            given_.Learn(*method_, param, CallersPlace(i));
    }
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode& type = TypeOf(i);
        if (param.passing != Passing::kElements)
            continue;
        const bool is_missing = CallersPlace(i) == nullptr;
        // Only an array may be missing, when it has no elements.
        RETURN_HR_IF(E_POINTER, is_missing && type.kind != TypeKind::kArray);
        room_bytes_[i] = CallersScope().BytesOf(type, CallersPlace(i));
        RETURN_HR_IF(E_POINTER, is_missing && room_bytes_[i] != 0);
    }
    return S_OK;
}

HRESULT IncomingFrame::Deliver(Apartment& apartment, HRESULT hr) noexcept
{
    if (SUCCEEDED(hr) && method_->has_interfaces) {
        const HRESULT passed = PassPointers(apartment);
        if (FAILED(passed))
            hr = passed;
    }
    const bool gives = SUCCEEDED(hr) && has_outs_;
    if (gives)
        FreeReplaced();
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (!IsOut(param) || CallersPlace(i) == nullptr)
            continue;
        if (gives)
            Give(i);
        else if (param.direction == Direction::kOut && param.passing == Passing::kByReference)
            std::memset(CallersPlace(i), 0, TypeOf(i).size_bytes);
    }
    return hr;
}

//! Brings the interface pointers that go out into COM's form; all of them, or none.
HRESULT IncomingFrame::PassPointers(Apartment& apartment) noexcept
{
    const auto visit_all = [this](ValueVisitor& visitor) {
        ValueWalk walk(visitor, WalkFor::kInterfaces);
        for (std::size_t i = 0; i < method_->params.size(); i++) {
            const bool is_wanted = IsOut(method_->params[i]) && CallersPlace(i) != nullptr;
            if (is_wanted && OwnPlace(i) != nullptr)
                walk.Walk(OwnScope(), TypeOf(i), OwnPlace(i));
        }
    };
    PointerPasser passer(apartment);
    visit_all(passer);
    if (FAILED(passer.hr())) {
        PointerReleaser releaser;
        visit_all(releaser);
    }
    return passer.hr();
}

//! What came in is the callee's to free once something else takes its place.
void IncomingFrame::FreeReplaced() noexcept
{
    PointerReleaser releaser;
    ValueWalk walk(releaser, WalkFor::kInterfaces);
    ValueFreer freer;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const bool is_replaced = method_->params[i].direction == Direction::kInOut;
        if (!is_replaced || !TypeOf(i).owns || CallersPlace(i) == nullptr)
            continue;
        walk.Walk(CallersScope(), TypeOf(i), CallersPlace(i));
        freer.Free(CallersScope(), TypeOf(i), CallersPlace(i));
    }
}

//! Moves one [out] value into the caller's memory.
void IncomingFrame::Give(std::size_t index) noexcept
{
    const ParamSignature& param = method_->params[index];
    const TypeNode& type = TypeOf(index);
    void* const callers = CallersPlace(index);
    void* const own = OwnPlace(index);
    if (own == nullptr)
        return;
    std::uint64_t bytes = type.size_bytes;
    if (param.passing == Passing::kElements)
        bytes = std::min(room_bytes_[index], OwnScope().BytesOf(type, own));
    // Where nothing is to be freed, what the method does not return stays as it is.
    if (type.kind == TypeKind::kArray && type.is_open && !type.owns)
        bytes = OwnScope().KnownExtentOf(type).visible * OwnScope().StrideOf(type);
    std::memcpy(callers, own, static_cast<std::size_t>(bytes));
    std::memset(own, 0, static_cast<std::size_t>(bytes));
}

} // namespace callfactory
