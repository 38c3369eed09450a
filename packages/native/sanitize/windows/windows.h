#pragma once

// As much of Windows as the layout and the memory of values see, for compilers on other systems.

#include <cstddef>
#include <cstdint>

struct GUID {
    std::uint32_t Data1;
    std::uint16_t Data2;
    std::uint16_t Data3;
    unsigned char Data4[8];
};
using IID = GUID;

using SIZE_T = std::size_t;
using UINT = unsigned int;
