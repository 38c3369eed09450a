#include "vtable_invoke.h"

#include <cstring>
#include <type_traits>
#include <utility>

namespace callfactory {

namespace {

// In the x64 convention only the first four arguments, `this` among them, have registers, and the
// caller cleans the stack: one call with all arguments in eight-byte places fits every signature.
template <unsigned Mask, std::size_t I>
using Argument = std::conditional_t<(I < 3 && (Mask >> I & 1) != 0), double, std::uint64_t>;

template <unsigned Mask, std::size_t I> Argument<Mask, I> Load(const std::uint64_t* arguments)
{
    Argument<Mask, I> value;
    std::memcpy(&value, arguments + I, sizeof(value));
    return value;
}

template <unsigned Mask, std::size_t... I>
std::uint32_t Call(
    void* object, void* function, const std::uint64_t* arguments, std::index_sequence<I...>)
{
    using Function = std::uint32_t(STDMETHODCALLTYPE*)(void*, Argument<Mask, I>...);
    return reinterpret_cast<Function>(function)(object, Load<Mask, I>(arguments)...);
}

template <unsigned Mask>
std::uint32_t CallWithMask(void* object, void* function, const std::uint64_t* arguments)
{
    return Call<Mask>(object, function, arguments, std::make_index_sequence<kMaxParams>());
}

using Caller = std::uint32_t (*)(void*, void*, const std::uint64_t*);

constexpr Caller kCallers[] = {
    &CallWithMask<0>,
    &CallWithMask<1>,
    &CallWithMask<2>,
    &CallWithMask<3>,
    &CallWithMask<4>,
    &CallWithMask<5>,
    &CallWithMask<6>,
    &CallWithMask<7>,
};

} // namespace

std::uint32_t InvokeSlot(void* object, std::uint32_t slot, const std::uint64_t* arguments,
    std::uint8_t double_mask) noexcept
{
#if !defined(_M_X64) && !defined(__x86_64__)
#error "vtable_invoke.cc knows the x64 calling convention only"
#endif
    void* const function = (*static_cast<void***>(object))[slot];
    return kCallers[double_mask & 7](object, function, arguments);
}

} // namespace callfactory
