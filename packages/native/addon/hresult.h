#pragma once

#include <windows.h>

//! Passes a failure on to the caller.
#define RETURN_IF_FAILED(expression)                                                               \
    do {                                                                                           \
        const HRESULT failed_hr_ = (expression);                                                   \
        if (FAILED(failed_hr_))                                                                    \
            return failed_hr_;                                                                     \
    } while (false)

//! Fails with `hr` when `condition` holds.
#define RETURN_HR_IF(hr, condition)                                                                \
    do {                                                                                           \
        if (condition)                                                                             \
            return (hr);                                                                           \
    } while (false)

namespace callfactory {

//! The calling thread's last Win32 error as an HRESULT; never a success.
inline HRESULT LastErrorHresult() noexcept
{
    const DWORD code = GetLastError();
    return code == ERROR_SUCCESS ? E_FAIL : HRESULT_FROM_WIN32(code);
}

} // namespace callfactory
