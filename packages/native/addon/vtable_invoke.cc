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

template <unsigned Mask, unsigned Count>
std::uint32_t CallWith(void* object, void* function, const std::uint64_t* arguments)
{
    return Call<Mask>(object, function, arguments, std::make_index_sequence<Count>());
}

using Caller = std::uint32_t (*)(void*, void*, const std::uint64_t*);

//! By double_mask.
template <unsigned Count>
constexpr Caller kCallers[] = {
    &CallWith<0, Count>,
    &CallWith<1, Count>,
    &CallWith<2, Count>,
    &CallWith<3, Count>,
    &CallWith<4, Count>,
    &CallWith<5, Count>,
    &CallWith<6, Count>,
    &CallWith<7, Count>,
};

} // namespace

std::uint32_t InvokeSlot(
    void* object, const MethodSignature& method, const std::uint64_t* arguments) noexcept
{
#if !defined(_M_X64) && !defined(__x86_64__)
#error "vtable_invoke.cc knows the x64 calling convention only"
#endif
    void* const function = (*static_cast<void***>(object))[method.slot];
    const Caller caller = method.params.size() <= kFewParams
        ? kCallers<kFewParams>[method.double_mask & 7]
        : kCallers<kMaxParams>[method.double_mask & 7];
    return caller(object, function, arguments);
}

} // namespace callfactory
