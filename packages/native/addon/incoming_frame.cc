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
class PointerReceiver final : public InterfaceVisitor {
public:
    PointerReceiver(
        Apartment& apartment, const BegunArguments& arguments, ReceivedPointers& received) noexcept
        : apartment_(apartment)
        , arguments_(arguments)
        , received_(received)
    {
    }

    void Visit(const TypeNode& type, void** place) noexcept override
    {
        com_ptr<IUnknown> pointer(static_cast<IUnknown*>(*place));
        received_.emplace_back(place,
            make_counted<ObjectRef>(apartment_.shared_from_this(), std::move(pointer),
                WantedIid(type, arguments_), type.interface_id));
    }

private:
    Apartment& apartment_;
    const BegunArguments& arguments_;
    ReceivedPointers& received_;
};

} // namespace

IncomingFrame::IncomingFrame(
    std::shared_ptr<const MethodSignature> method, const std::uint64_t* arguments)
    : method_(std::move(method))
    , storage_(std::make_unique<std::byte[]>(method_->storage_bytes))
{
    std::copy(arguments, arguments + kMaxParams, callers_.begin());
}

IncomingFrame::~IncomingFrame()
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode& type = method_->node(param.node);
        if (!IsOut(param))
            continue;
        if (param.passing != Passing::kElements) {
            FreeValue(*method_, type, Place(param), made_[i]);
            continue;
        }
        void* const elements = *reinterpret_cast<void**>(Place(param));
        if (elements != nullptr)
            FreeValue(*method_, type, elements, capacities_[i]);
        CoTaskMemFree(elements);
    }
}

void* IncomingFrame::CallersPlace(std::size_t index) const noexcept
{
    if (method_->params[index].passing == Passing::kByValue)
        return const_cast<std::uint64_t*>(&callers_[index]);
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(callers_[index]));
}

HRESULT IncomingFrame::Receive(Apartment& apartment, const BegunArguments& begun) noexcept
{
    if (method_->half == Half::kFinish)
        arguments_ = begun;
    RETURN_IF_FAILED(LearnExtents());
    if (!method_->has_interfaces)
        return S_OK;
    PointerReceiver receiver(apartment, arguments_, received_);
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (IsIn(param) && CallersPlace(i) != nullptr)
            VisitInterfaces(
                *method_, method_->node(param.node), CallersPlace(i), VisibleLength(i), receiver);
    }
    return S_OK;
}

//! Reads what bounds the arrays, then how long they are.
HRESULT IncomingFrame::LearnExtents() noexcept
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode& type = method_->node(param.node);
        const void* const place = CallersPlace(i);
        if (!IsIn(param))
            continue;
        RETURN_HR_IF(E_POINTER, place == nullptr && param.passing == Passing::kByReference);
        if (param.is_count) {
            std::memcpy(&arguments_.counts[param.sync_index], place, std::min(type.size_bytes, 4u));
            arguments_.known |= 1u << param.sync_index;
        }
        if (type.kind == TypeKind::kGuid)
            arguments_.iids.emplace_back(
                static_cast<std::int32_t>(param.sync_index), *static_cast<const IID*>(place));
    }
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode* const array = method_->ArrayOf(param);
        if (array == nullptr)
            continue;
        const bool sized = arguments_.Knows(array->size_is);
        const std::int32_t bound = sized ? array->size_is : array->length_is;
        capacities_[i] = arguments_.Knows(bound) ? arguments_.counts[bound] : 0;
        const bool has_elements = ElementCount(*array, capacities_[i]) != 0;
        RETURN_HR_IF(E_POINTER,
            has_elements && param.passing == Passing::kElements && CallersPlace(i) == nullptr);
    }
    return S_OK;
}

//! Elements of the caller's that hold data.
std::uint32_t IncomingFrame::VisibleLength(std::size_t index) const noexcept
{
    const TypeNode* const array = method_->ArrayOf(method_->params[index]);
    if (array == nullptr || !arguments_.Knows(array->length_is))
        return capacities_[index];
    return std::min(arguments_.counts[array->length_is], capacities_[index]);
}

HRESULT IncomingFrame::Deliver(Apartment& apartment, HRESULT hr) noexcept
{
    if (SUCCEEDED(hr) && method_->has_interfaces) {
        const HRESULT passed = PassPointers(apartment);
        if (FAILED(passed))
            hr = passed;
    }
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (!IsOut(param) || CallersPlace(i) == nullptr)
            continue;
        if (SUCCEEDED(hr))
            Give(i);
        else if (param.direction == Direction::kOut && param.passing == Passing::kByReference)
            std::memset(CallersPlace(i), 0, method_->node(param.node).size_bytes);
    }
    return hr;
}

//! Brings the interface pointers that go out into COM's form; all of them, or none.
HRESULT IncomingFrame::PassPointers(Apartment& apartment) noexcept
{
    PointerPasser passer(apartment, arguments_);
    PointerReleaser releaser;
    const auto visit_all = [this](InterfaceVisitor& visitor) {
        for (std::size_t i = 0; i < method_->params.size(); i++) {
            const ParamSignature& param = method_->params[i];
            void* place = Place(param);
            if (param.passing == Passing::kElements)
                place = *static_cast<void**>(place);
            const bool wanted = CallersPlace(i) != nullptr;
            if (IsOut(param) && place != nullptr && wanted)
                VisitInterfaces(*method_, method_->node(param.node), place, made_[i], visitor);
        }
    };
    visit_all(passer);
    if (FAILED(passer.hr()))
        visit_all(releaser);
    return passer.hr();
}

//! Moves one [out] value into the caller's memory.
void IncomingFrame::Give(std::size_t index) noexcept
{
    const ParamSignature& param = method_->params[index];
    const TypeNode& type = method_->node(param.node);
    void* const callers = CallersPlace(index);
    if (param.direction == Direction::kInOut) {
        // What came in is the callee's to free once something else takes its place.
        PointerReleaser releaser;
        VisitInterfaces(*method_, type, callers, VisibleLength(index), releaser);
        FreeValue(*method_, type, callers, VisibleLength(index));
    }
    void* own = Place(param);
    std::size_t size = type.size_bytes;
    if (param.passing == Passing::kElements) {
        own = *static_cast<void**>(own);
        size = static_cast<std::size_t>(TargetBytes(*method_, type, made_[index]));
        if (own == nullptr)
            return;
    }
    std::memcpy(callers, own, size);
    std::memset(own, 0, size);
}

} // namespace callfactory
