#include "call_frame.h"
#include "hresult.h"
#include "pointer_passing.h"
#include "value_memory.h"
#include "vtable_invoke.h"

#include <cstring>

// The half of a call frame that runs on the apartment thread.

namespace callfactory {

namespace {

bool IsOut(const ParamSignature& param) noexcept { return param.direction != Direction::kIn; }

//! Tells whether every dimension of an array has its extent, and text its size.
bool HasExtents(const Scope& scope, const TypeNode& type) noexcept
{
    const TypeNode* node = &type;
    Extent extent;
    for (; node->kind == TypeKind::kArray; node = &scope.node(node->target)) {
        if (!scope.ExtentOf(*node, extent))
            return false;
    }
    return node->kind != TypeKind::kChars || scope.ExtentOf(*node, extent);
}

} // namespace

HRESULT CallFrame::Invoke(Apartment& apartment, void* object, HRESULT& method_hr) noexcept
{
    for (const ParamSignature& param : method_->params) {
        if (param.passing == Passing::kElements && ValueOf(param) == nullptr)
            RETURN_IF_FAILED(AllocateOut(param));
    }
    if (method_->has_interfaces)
        RETURN_IF_FAILED(PassPointers(apartment));
    std::uint64_t slots[kMaxParams] = {};
    LoadArguments(slots);
    returned_ = InvokeSlot(object, *method_, slots);
    // Only an HRESULT can report failure.
    method_hr = method_->returns == Returns::kHresult ? static_cast<HRESULT>(returned_) : S_OK;
    TakeOuts(apartment, method_hr);
    return S_OK;
}

//! Provides the memory of an [out] array, as much as the caller asked for (FIN-11).
HRESULT CallFrame::AllocateOut(const ParamSignature& param) noexcept
{
    const Scope scope(*method_, given_);
    const TypeNode& type = TypeOf(param);
    // Without a size from the caller the callee would write past the end.
    RETURN_HR_IF(E_INVALIDARG, !HasExtents(scope, type));
    void*& elements = *reinterpret_cast<void**>(Place(param));
    elements = AllocateZeroed(scope.BytesOf(type, nullptr));
    RETURN_HR_IF(E_OUTOFMEMORY, elements == nullptr);
    return S_OK;
}

HRESULT CallFrame::PassPointers(Apartment& apartment) noexcept
{
    const auto visit_all = [this](ValueVisitor& visitor) {
        ValueWalk walk(visitor, WalkFor::kInterfaces);
        for (const ParamSignature& param : method_->params)
            walk.Walk(ScopeOf(param), TypeOf(param), ValueOf(param));
    };
    PointerPasser passer(apartment);
    visit_all(passer);
    if (FAILED(passer.hr())) {
        PointerReleaser releaser;
        visit_all(releaser);
    }
    return passer.hr();
}

void CallFrame::LoadArguments(std::uint64_t* slots) const noexcept
{
    for (std::size_t i = 0; i < method_->params.size(); i++) {
        const ParamSignature& param = method_->params[i];
        if (param.passing == Passing::kByValue)
            std::memcpy(&slots[i], Place(param), TypeOf(param).size_bytes);
        else
            slots[i] = reinterpret_cast<std::uintptr_t>(ValueOf(param));
    }
}

//! Learns the counts that came out, and brings interface pointers into their resting form.
void CallFrame::TakeOuts(Apartment& apartment, HRESULT method_hr) noexcept
{
    for (const ParamSignature& param : method_->params) {
        // By COM's rules a failed method leaves nothing to free in [out] parameters, and [in,out]
        // ones as they were.
        if (FAILED(method_hr) && param.direction == Direction::kOut) {
            const Scope scope(*method_, given_);
            const std::uint64_t bytes = scope.BytesOf(TypeOf(param), nullptr);
            std::memset(ValueOf(param), 0, static_cast<std::size_t>(bytes));
        }
        if (SUCCEEDED(method_hr) && IsOut(param) && param.is_named)
            arguments_.Learn(*method_, param, ValueOf(param));
    }
    if (!method_->has_interfaces)
        return;
    // Those that came out first: what an [in] parameter shares with them stays the caller's.
    PointerTaker taker(apartment);
    ValueWalk walk(taker, WalkFor::kInterfaces);
    for (const ParamSignature& param : method_->params) {
        if (IsOut(param))
            walk.Walk(ScopeOf(param), TypeOf(param), ValueOf(param));
    }
    taker.ReleaseOthers();
    for (const ParamSignature& param : method_->params) {
        if (!IsOut(param))
            walk.Walk(ScopeOf(param), TypeOf(param), ValueOf(param));
    }
}

} // namespace callfactory
