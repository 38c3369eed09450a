#pragma once

#include <windows.h>

void* CoTaskMemAlloc(SIZE_T bytes);
void CoTaskMemFree(void* memory);
