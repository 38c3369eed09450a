#include "guid_text.h"

namespace callfactory {

namespace {

//! Where in memory the bytes lie that the text shows in this order.
constexpr unsigned kTextOrder[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

int HexDigit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool HasDashBefore(unsigned byte) noexcept
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

} // namespace

bool GuidFromJs(Napi::Env env, Napi::Value value, GUID& guid) noexcept
{
    char text[40];
    std::size_t length = 0;
    if (napi_get_value_string_latin1(env, value, text, sizeof(text), &length) != napi_ok
        || length != 36)
        return false;
    auto* bytes = reinterpret_cast<unsigned char*>(&guid);
    const char* next = text;
    for (unsigned i = 0; i < 16; i++, next += 2) {
        if (HasDashBefore(i) && *next++ != '-')
            return false;
        const int high = HexDigit(next[0]);
        const int low = HexDigit(next[1]);
        if (high < 0 || low < 0)
            return false;
        bytes[kTextOrder[i]] = static_cast<unsigned char>(high << 4 | low);
    }
    return true;
}

Napi::Value GuidToJs(Napi::Env env, const GUID& guid)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    char text[36];
    char* next = text;
    const auto* bytes = reinterpret_cast<const unsigned char*>(&guid);
    for (unsigned i = 0; i < 16; i++) {
        if (HasDashBefore(i))
            *next++ = '-';
        *next++ = kDigits[bytes[kTextOrder[i]] >> 4];
        *next++ = kDigits[bytes[kTextOrder[i]] & 15];
    }
    return Napi::String::New(env, text, sizeof(text));
}

} // namespace callfactory
