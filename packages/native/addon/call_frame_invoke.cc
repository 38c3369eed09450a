#include "call_frame.h"
#include "hresult.h"
#include "object_ref.h"
#include "pointer_passing.h"
#include "value_memory.h"
#include "vtable_invoke.h"

#include <algorithm>
#include <cstring>

// The half of a call frame that runs on the apartment thread.

namespace callfactory {

namespace {

bool IsOut(const ParamSignature& param) noexcept { return param.direction != Direction::kIn; }

//! Replaces the COM pointers that came out by ObjectRef*.
class PointerTaker final : public InterfaceVisitor {
public:
    PointerTaker(Apartment& apartment, const BegunArguments& arguments) noexcept
        : apartment_(apartment)
        , arguments_(arguments)
    {
    }

    void Visit(const TypeNode& type, void** place) noexcept override
    {
        auto pointer = com_ptr<IUnknown>::attach(static_cast<IUnknown*>(*place));
        *place = make_counted<ObjectRef>(apartment_.shared_from_this(), std::move(pointer),
            WantedIid(type, arguments_), type.interface_id)
                     .detach();
    }

private:
    Apartment& apartment_;
    const BegunArguments& arguments_;
};

} // namespace

HRESULT CallFrame::Invoke(Apartment& apartment, void* object, HRESULT& method_hr) noexcept
{
    RETURN_IF_FAILED(AllocateOuts());
    if (method_->has_interfaces)
        RETURN_IF_FAILED(PassPointers(apartment));
    std::uint64_t slots[kMaxParams] = {};
    LoadArguments(slots);
    const std::uint32_t returned = InvokeSlot(object, method_->slot, slots, method_->double_mask);
    // Only an HRESULT can report failure.
    method_hr = method_->returns == Returns::kHresult ? static_cast<HRESULT>(returned) : S_OK;
    TakeOuts(apartment, method_hr);
    return S_OK;
}

//! Provides the elements of [out] arrays, as many as the caller asked for (FIN-11).
HRESULT CallFrame::AllocateOuts() noexcept
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (param.passing != Passing::kElements)
            continue;
        void*& elements = *reinterpret_cast<void**>(Place(param));
        if (elements != nullptr)
            continue;
        const TypeNode& array = method_->node(param.node);
        const std::int32_t bound
            = arguments_.Knows(array.size_is) ? array.size_is : array.length_is;
        // Without a size from the caller the callee would write past the end.
        RETURN_HR_IF(E_INVALIDARG, array.length == kNone && !arguments_.Knows(bound));
        if (array.length == kNone)
            capacities_[i] = arguments_.counts[bound];
        elements = AllocateZeroed(TargetBytes(*method_, array, capacities_[i]));
        RETURN_HR_IF(E_OUTOFMEMORY, elements == nullptr);
    }
    return S_OK;
}

HRESULT CallFrame::PassPointers(Apartment& apartment) noexcept
{
    PointerPasser passer(apartment, arguments_);
    PointerReleaser releaser;
    const auto visit_all = [this](InterfaceVisitor& visitor) {
        for (std::size_t i = 0; i < method_->params.size(); i++) {
            const ParamSignature& param = method_->params[i];
            void* place = Place(param);
            if (param.passing == Passing::kElements)
                place = *static_cast<void**>(place);
            VisitInterfaces(*method_, method_->node(param.node), place, capacities_[i], visitor);
        }
    };
    visit_all(passer);
    if (FAILED(passer.hr()))
        visit_all(releaser);
    return passer.hr();
}

void CallFrame::LoadArguments(std::uint64_t* slots) const noexcept
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const std::byte* const place = Place(param);
        if (param.passing == Passing::kByReference) {
            slots[i] = reinterpret_cast<std::uintptr_t>(place);
            continue;
        }
        const std::size_t size = param.passing == Passing::kElements
            ? sizeof(void*)
            : method_->node(param.node).size_bytes;
        std::memcpy(&slots[i], place, size);
    }
}

//! Reads the counts that came out, and brings interface pointers into their resting form.
void CallFrame::TakeOuts(Apartment& apartment, HRESULT method_hr) noexcept
{
    if (FAILED(method_hr))
        DropOuts();
    for (const ParamSignature& param : method_->params) {
        if (!IsOut(param) || !param.is_count || FAILED(method_hr))
            continue;
        arguments_.counts[param.sync_index] = 0;
        std::memcpy(&arguments_.counts[param.sync_index], Place(param),
            std::min(method_->node(param.node).size_bytes, 4u));
        arguments_.known |= 1u << param.sync_index;
    }
    PointerTaker taker(apartment, arguments_);
    PointerReleaser releaser;
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode& type = method_->node(param.node);
        const TypeNode* const array = method_->ArrayOf(param);
        if (array != nullptr && array != &type && IsOut(param)) {
            // The callee allocated it: its extent is what the counts say now.
            const bool sized = arguments_.Knows(array->size_is);
            const std::int32_t bound = sized ? array->size_is : array->length_is;
            capacities_[i] = arguments_.Knows(bound) ? arguments_.counts[bound] : 0;
        }
        void* place = Place(param);
        if (param.passing == Passing::kElements)
            place = *static_cast<void**>(place);
        InterfaceVisitor& visitor = IsOut(param) ? static_cast<InterfaceVisitor&>(taker) : releaser;
        VisitInterfaces(*method_, type, place, capacities_[i], visitor);
    }
}

//! Forgets what a failed method left in [out] parameters: by COM's rules there is nothing to free.
void CallFrame::DropOuts() noexcept
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        const TypeNode& type = method_->node(param.node);
        if (param.direction != Direction::kOut)
            continue;
        if (param.passing != Passing::kElements) {
            std::memset(Place(param), 0, type.size_bytes);
            continue;
        }
        void* const elements = *reinterpret_cast<void**>(Place(param));
        std::memset(elements, 0, TargetBytes(*method_, type, capacities_[i]));
    }
}

} // namespace callfactory
