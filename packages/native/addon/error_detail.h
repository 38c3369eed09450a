#pragma once

#include <cstdint>
#include <napi.h>
#include <string>
#include <unknwn.h>

namespace callfactory {

//! What a failed method says besides its HRESULT: IErrorInfo's values (MAR-14).
struct ErrorDetail {
    bool given = false;
    std::u16string description;
    std::u16string source;
    std::u16string help_file;
    std::uint32_t help_context = 0;
    IID iid{};
};

//! Sets the thread's IErrorInfo to `detail`, to nothing when none was given. Any thread of COM's.
void PublishError(const ErrorDetail& detail) noexcept;

//! Takes the thread's IErrorInfo after a method of `iid` of `object` has failed, when the object
//! vouches for it. Apartment thread.
ErrorDetail CollectError(IUnknown* object, REFIID iid) noexcept;

//! Reads [description, source, helpFile, helpContext, iid]; nothing for null. JavaScript thread.
ErrorDetail ErrorDetailOf(Napi::Env env, Napi::Value value);
//! The inverse. JavaScript thread.
Napi::Value ErrorDetailToJs(Napi::Env env, const ErrorDetail& detail);

} // namespace callfactory
