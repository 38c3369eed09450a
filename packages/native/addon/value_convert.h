#pragma once

#include "type_table.h"

#include <napi.h>

namespace callfactory {

//! Reads a JavaScript value into zeroed memory; false when it does not fit the type.
//!
//! What hangs on the value is allocated as COM's rules want it (CoTaskMemAlloc, SysAllocString);
//! interface pointers become AddRef'd ObjectRef*. Also on failure the memory is fit for FreeValue.
//! `count` is the extent of a conformant array at `place` or behind the pointer there.
bool ReadValue(Napi::Env env, const MethodSignature& method, const TypeNode& type,
    Napi::Value value, void* place, std::uint32_t count) noexcept;

//! Reads `count` elements of `array` from a typed array or an array that has at least so many.
bool ReadElements(Napi::Env env, const MethodSignature& method, const TypeNode& array,
    Napi::Value value, void* elements, std::uint64_t count) noexcept;

//! Length of a typed array or an array; false for any other value.
bool LengthOf(Napi::Value value, std::uint32_t& length) noexcept;

//! Makes a JavaScript value of memory, which stays as it is; ObjectRef* become JavaScript objects.
Napi::Value WriteValue(Napi::Env env, const MethodSignature& method, const TypeNode& type,
    const void* place, std::uint32_t count);

//! Makes a typed array, or an array, of `count` elements.
Napi::Value WriteElements(Napi::Env env, const MethodSignature& method, const TypeNode& array,
    const void* elements, std::uint64_t count);

} // namespace callfactory
