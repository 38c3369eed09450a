#pragma once

#include "type_table.h"

#include <cstddef>
#include <napi.h>

namespace callfactory {

//! Reads a number, a truth value, a GUID or a string; false when it does not fit the type.
bool ReadScalar(Napi::Env env, const TypeNode& type, Napi::Value value, void* place) noexcept;

//! Makes a JavaScript value of a number, a truth value, a GUID or a string.
Napi::Value WriteScalar(Napi::Env env, const TypeNode& type, const void* place);

//! Reads text with a NUL behind it into `room` characters; false when it has one inside, is longer,
//! or has characters above U+00FF that are to be one byte each.
bool ReadText(Napi::Env env, Napi::Value value, std::uint32_t unit_bytes, void* place,
    std::uint64_t room) noexcept;

//! Makes a string of `length` characters.
Napi::Value WriteText(
    Napi::Env env, std::uint32_t unit_bytes, const void* place, std::uint64_t length);

//! UTF-16 units of a string; false for any other value.
bool TextLengthOf(Napi::Env env, Napi::Value value, std::size_t& length) noexcept;

//! The typed array for numbers of `element`; false when they go into a plain array.
bool TypedArrayOf(const TypeNode& element, napi_typedarray_type& type) noexcept;

} // namespace callfactory
