#include "vtable_implement.h"

#include "served_object.h"

#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

namespace callfactory {

namespace {

//! Methods that an interface can have beyond IUnknown's.
constexpr std::size_t kMaxSlots = 128;

//! Runs a method: all arguments in eight-byte places, whichever registers they came in.
std::uint32_t RunMethod(void* self, std::size_t slot, const std::uint64_t* arguments) noexcept
{
    const Facet& facet = *static_cast<const Facet*>(self);
    return facet.owner->Run(*facet.layout, slot, arguments);
}

template <unsigned Mask, std::size_t I>
using Argument = std::conditional_t<(I < 3 && (Mask >> I & 1) != 0), double, std::uint64_t>;

template <class T> void Store(std::uint64_t* place, T value) noexcept
{
    std::memcpy(place, &value, sizeof(value));
}

// As in vtable_invoke.cc: only the first three arguments after `this` can be in floating-point
// registers, and reading more arguments than the caller has passed reads its own stack.
template <std::size_t Slot, unsigned Mask, class Places> struct Thunk;

template <std::size_t Slot, unsigned Mask, std::size_t... I>
struct Thunk<Slot, Mask, std::index_sequence<I...>> {
    static std::uint32_t STDMETHODCALLTYPE Call(void* self, Argument<Mask, I>... values) noexcept
    {
        std::uint64_t arguments[sizeof...(I)];
        (Store(arguments + I, values), ...);
        return RunMethod(self, Slot, arguments);
    }
};

template <std::size_t Slot, unsigned Mask, unsigned Count> void* ThunkAddress() noexcept
{
    using Places = std::make_index_sequence<Count>;
    return reinterpret_cast<void*>(&Thunk<Slot, Mask, Places>::Call);
}

using Row = std::array<void*, 8>;

template <unsigned Count, std::size_t Slot> Row ThunksOfSlot() noexcept
{
    return { ThunkAddress<Slot, 0, Count>(), ThunkAddress<Slot, 1, Count>(),
        ThunkAddress<Slot, 2, Count>(), ThunkAddress<Slot, 3, Count>(),
        ThunkAddress<Slot, 4, Count>(), ThunkAddress<Slot, 5, Count>(),
        ThunkAddress<Slot, 6, Count>(), ThunkAddress<Slot, 7, Count>() };
}

template <unsigned Count, std::size_t... Slot>
std::array<Row, sizeof...(Slot)> AllThunks(std::index_sequence<Slot...>) noexcept
{
    return { ThunksOfSlot<Count, Slot>()... };
}

HRESULT STDMETHODCALLTYPE QueryOfFacet(void* self, REFIID iid, void** object) noexcept
{
    return static_cast<Facet*>(self)->owner->controlling()->QueryInterface(iid, object);
}

ULONG STDMETHODCALLTYPE AddRefOfFacet(void* self) noexcept
{
    return static_cast<Facet*>(self)->owner->controlling()->AddRef();
}

ULONG STDMETHODCALLTYPE ReleaseOfFacet(void* self) noexcept
{
    return static_cast<Facet*>(self)->owner->controlling()->Release();
}

} // namespace

bool BuildVtable(VtableLayout& layout)
{
#if !defined(_M_X64) && !defined(__x86_64__)
#error "vtable_implement.cc knows the x64 calling convention only"
#endif
    using Slots = std::make_index_sequence<kMaxSlots>;
    static const auto thunks_of_few = AllThunks<kFewParams>(Slots());
    static const auto thunks_of_many = AllThunks<kMaxParams>(Slots());
    if (layout.methods.size() > kMaxSlots)
        return false;
    layout.slots = { reinterpret_cast<void*>(&QueryOfFacet),
        reinterpret_cast<void*>(&AddRefOfFacet), reinterpret_cast<void*>(&ReleaseOfFacet) };
    for (std::size_t i = 0; i < layout.methods.size(); i++) {
        const auto& method = layout.methods[i];
        const bool is_few = !method || method->params.size() <= kFewParams;
        const Row& row = is_few ? thunks_of_few[i] : thunks_of_many[i];
        layout.slots.push_back(row[method ? method->double_mask & 7 : 0]);
    }
    return true;
}

} // namespace callfactory
