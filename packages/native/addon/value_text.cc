#include "value_scalars.h"

#include <string>

namespace callfactory {

bool TextLengthOf(Napi::Env env, Napi::Value value, std::size_t& length) noexcept
{
    return napi_get_value_string_utf16(env, value, nullptr, 0, &length) == napi_ok;
}

bool ReadText(Napi::Env env, Napi::Value value, std::uint32_t unit_bytes, void* place,
    std::uint64_t room) noexcept
{
    std::size_t length = 0;
    if (!TextLengthOf(env, value, length) || length >= room)
        return false;
    if (unit_bytes == sizeof(char16_t)) {
        auto* const text = static_cast<char16_t*>(place);
        return napi_get_value_string_utf16(env, value, text, length + 1, &length) == napi_ok
            && std::char_traits<char16_t>::find(text, length, u'\0') == nullptr;
    }
    // Latin-1 says nothing of what it cannot hold.
    std::u16string text(length + 1, u'\0');
    if (napi_get_value_string_utf16(env, value, text.data(), length + 1, &length) != napi_ok)
        return false;
    auto* bytes = static_cast<unsigned char*>(place);
    for (std::size_t i = 0; i < length; i++) {
        if (text[i] == 0 || text[i] > 0xff)
            return false;
        bytes[i] = static_cast<unsigned char>(text[i]);
    }
    return true;
}

Napi::Value WriteText(
    Napi::Env env, std::uint32_t unit_bytes, const void* place, std::uint64_t length)
{
    napi_value text = nullptr;
    const auto units = static_cast<std::size_t>(length);
    if (unit_bytes == sizeof(char16_t))
        napi_create_string_utf16(env, static_cast<const char16_t*>(place), units, &text);
    else
        napi_create_string_latin1(env, static_cast<const char*>(place), units, &text);
    return Napi::Value(env, text);
}

} // namespace callfactory
