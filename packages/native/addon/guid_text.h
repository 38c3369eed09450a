#pragma once

#include <napi.h>
#include <windows.h>

namespace callfactory {

//! Parses the 36 characters of a GUID without braces; false when `value` is none.
bool GuidFromJs(Napi::Env env, Napi::Value value, GUID& guid) noexcept;

//! Writes a GUID as core's `Guid`: 36 lowercase characters.
Napi::Value GuidToJs(Napi::Env env, const GUID& guid);

} // namespace callfactory
