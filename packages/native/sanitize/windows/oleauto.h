#pragma once

#include <windows.h>

using BSTR = char16_t*;

BSTR SysAllocStringLen(const char16_t* text, UINT length);
void SysFreeString(BSTR text);
