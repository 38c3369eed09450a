#include "own_functions.h"

#include "apartment_membership.h"
#include "com_ptr.h"
#include "hresult.h"
#include "kernel_handles.h"
#include "value_memory.h"

#include <algorithm>
#include <iterator>
#include <objidl.h>

namespace callfactory {

namespace {

HRESULT STDAPICALLTYPE Initialize(DWORD flags) noexcept
{
    // Windows takes no notice of flags that it does not know.
    RETURN_HR_IF(E_INVALIDARG, (flags & ~DWORD{ 0xe }) != 0);
    RETURN_HR_IF(E_UNEXPECTED, current_apartment == nullptr);
    return current_apartment->EnterCom(flags);
}

HRESULT STDAPICALLTYPE Uninitialize() noexcept
{
    RETURN_HR_IF(E_UNEXPECTED, current_apartment == nullptr);
    current_apartment->LeaveCom();
    return S_OK;
}

HRESULT STDAPICALLTYPE Peek(UINT first, UINT last, UINT remove, ThreadMessage** message) noexcept
{
    *message = nullptr;
    RETURN_HR_IF(E_UNEXPECTED, current_apartment == nullptr);
    return current_apartment->messages().Peek(first, last, remove, message);
}

HRESULT STDAPICALLTYPE QueueStatus(UINT flags, DWORD* status) noexcept
{
    RETURN_HR_IF(E_UNEXPECTED, current_apartment == nullptr);
    *status = current_apartment->messages().Status(flags);
    return S_OK;
}

//! The function itself releases the stream once, and whoever passed it once more.
HRESULT STDAPICALLTYPE GetInterfaceAndRelease(IStream* stream, REFIID iid, void** object) noexcept
{
    *object = nullptr;
    RETURN_HR_IF(E_INVALIDARG, stream == nullptr);
    stream->AddRef();
    return CoGetInterfaceAndReleaseStream(stream, iid, object);
}

//! What it gives back is borrowed (SEC-10), but callers release what they are given.
HRESULT STDAPICALLTYPE SwitchCallContext(IUnknown* context, IUnknown** before) noexcept
{
    RETURN_IF_FAILED(CoSwitchCallContext(context, before));
    if (*before != nullptr)
        (*before)->AddRef();
    return S_OK;
}

//! A string of the caller's own.
LPWSTR CopyOf(const wchar_t* text) noexcept
{
    if (text == nullptr)
        return nullptr;
    const std::size_t bytes = (wcslen(text) + 1) * sizeof(wchar_t);
    auto* const copy = static_cast<LPWSTR>(AllocateZeroed(bytes));
    if (copy != nullptr)
        std::copy_n(text, bytes / sizeof(wchar_t), copy);
    return copy;
}

//! The client's name belongs to the system (SEC-09).
HRESULT STDAPICALLTYPE QueryClientBlanket(DWORD* authentication, DWORD* authorization,
    LPWSTR* principal, DWORD* level, LPWSTR* client, DWORD* capabilities) noexcept
{
    RPC_AUTHZ_HANDLE name = nullptr;
    RETURN_IF_FAILED(CoQueryClientBlanket(
        authentication, authorization, principal, level, nullptr, &name, capabilities));
    *client = CopyOf(static_cast<const wchar_t*>(name));
    return S_OK;
}

HRESULT STDAPICALLTYPE UserName(LPWSTR* name) noexcept
{
    wchar_t text[257] = {};
    DWORD length = 257;
    RETURN_HR_IF(LastErrorHresult(), GetUserNameW(text, &length) == 0);
    *name = CopyOf(text);
    return *name == nullptr ? E_OUTOFMEMORY : S_OK;
}

void NTAPI DoNothing(ULONG_PTR) noexcept { }

HRESULT STDAPICALLTYPE QueueProcedure(DWORD thread_id) noexcept
{
    const HANDLE thread = OpenThread(THREAD_SET_CONTEXT, FALSE, thread_id);
    RETURN_HR_IF(LastErrorHresult(), thread == nullptr);
    const HRESULT hr = QueueUserAPC(&DoNothing, thread, 0) != 0 ? S_OK : LastErrorHresult();
    CloseHandle(thread);
    return hr;
}

struct OwnFunction {
    const char* name;
    void* entry;
};

template <class F> OwnFunction Named(const char* name, F* function) noexcept
{
    return { name, reinterpret_cast<void*>(function) };
}

} // namespace

void* FindOwnFunction(const std::string& name) noexcept
{
    static const OwnFunction functions[] = {
        Named("CoInitializeEx", &Initialize),
        Named("CoUninitialize", &Uninitialize),
        Named("CoGetInterfaceAndReleaseStream", &GetInterfaceAndRelease),
        Named("CoSwitchCallContext", &SwitchCallContext),
        Named("CoQueryClientBlanket", &QueryClientBlanket),
        Named("GetUserNameW", &UserName),
        Named("QueueUserAPC", &QueueProcedure),
        Named("CreateEventW", &CreateOwnEvent),
        Named("DuplicateHandle", &DuplicateAnyHandle),
        Named("CloseHandle", &CloseOwnHandle),
        Named("PeekMessageW", &Peek),
        Named("GetQueueStatus", &QueueStatus),
    };
    const auto found = std::find_if(std::begin(functions), std::end(functions),
        [&](const OwnFunction& each) { return name == each.name; });
    return found == std::end(functions) ? nullptr : found->entry;
}

} // namespace callfactory
