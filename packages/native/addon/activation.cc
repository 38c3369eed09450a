#include "activation.h"

#include "com_ptr.h"
#include "hresult.h"
#include "object_stream.h"

namespace callfactory {

namespace {

// Declared by cguid.h, but MinGW's libuuid does not define them.
constexpr CLSID kStdEvent = { 0x32b, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } };
constexpr CLSID kManualResetEvent = { 0x32c, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } };

using GetClassObject = HRESULT(STDAPICALLTYPE*)(REFCLSID, REFIID, void**);

HRESULT CreateFromLibrary(const wchar_t* path, REFCLSID clsid, REFIID iid, void** pointer) noexcept
{
    // Never freed: a call that was abandoned may still be running in it.
    const HMODULE module = LoadLibraryExW(path, nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
    RETURN_HR_IF(LastErrorHresult(), module == nullptr);
    const FARPROC entry = GetProcAddress(module, "DllGetClassObject");
    RETURN_HR_IF(LastErrorHresult(), entry == nullptr);
    const auto get_class_object = reinterpret_cast<GetClassObject>(reinterpret_cast<void*>(entry));
    com_ptr<IClassFactory> factory;
    RETURN_IF_FAILED(get_class_object(clsid, __uuidof(IClassFactory), factory.put_void()));
    RETURN_HR_IF(E_UNEXPECTED, !factory);
    return factory->CreateInstance(nullptr, iid, pointer);
}

//! The least that can be aggregated into: an identity.
class ProbeOuter final : public IUnknown {
public:
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) noexcept override
    {
        *object = iid == __uuidof(IUnknown) ? this : nullptr;
        return *object == nullptr ? E_NOINTERFACE : S_OK;
    }
    // Lives on the stack of the probe.
    ULONG STDMETHODCALLTYPE AddRef() noexcept override { return 2; }
    ULONG STDMETHODCALLTYPE Release() noexcept override { return 1; }
};

//! Some systems ignore the outer object and report success all the same.
bool CanAggregateEvent() noexcept
{
    ProbeOuter outer;
    com_ptr<IUnknown> inner;
    if (FAILED(CoCreateInstance(
            kManualResetEvent, &outer, CLSCTX_INPROC_SERVER, __uuidof(IUnknown), inner.put_void())))
        return false;
    com_ptr<ISynchronize> synchronize;
    if (FAILED(inner.query_to(synchronize)))
        return false;
    com_ptr<IUnknown> identity;
    return SUCCEEDED(synchronize.query_to(identity)) && identity.get() == &outer;
}

bool CanCreate(REFCLSID clsid) noexcept
{
    com_ptr<IUnknown> object;
    return SUCCEEDED(CoCreateInstance(
        clsid, nullptr, CLSCTX_INPROC_SERVER, __uuidof(IUnknown), object.put_void()));
}

//! Wine's proxies have no call factory; to try it out would cost an apartment and a second.
bool HasWindowsProxies() noexcept
{
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    return ntdll != nullptr && GetProcAddress(ntdll, "wine_get_version") == nullptr;
}

} // namespace

ActivateOperation::ActivateOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    std::shared_ptr<Apartment> apartment, const CLSID& clsid, std::wstring library, const IID& iid,
    std::uint32_t interface_id) noexcept
    : ObjectOperation(std::move(settler), ticket, std::move(apartment), iid, interface_id)
    , clsid_(clsid)
    , library_(std::move(library))
{
}

HRESULT ActivateOperation::Obtain(const IID& iid, void** pointer) noexcept
{
    if (!library_.empty())
        return CreateFromLibrary(library_.c_str(), clsid_, iid, pointer);
    return CoCreateInstance(
        clsid_, nullptr, CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER, iid, pointer);
}

UnmarshalOperation::UnmarshalOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
    std::shared_ptr<Apartment> apartment, std::vector<std::uint8_t> objref, const IID& iid,
    std::uint32_t interface_id) noexcept
    : ObjectOperation(std::move(settler), ticket, std::move(apartment), iid, interface_id)
    , objref_(std::move(objref))
{
}

HRESULT UnmarshalOperation::Obtain(const IID& iid, void** pointer) noexcept
{
    return UnmarshalFromBytes(objref_, iid, pointer);
}

HRESULT ProbeOperation::Execute() noexcept
{
    std_event_ = CanCreate(kStdEvent);
    aggregable_event_ = CanAggregateEvent();
    proxy_call_factory_ = HasWindowsProxies();
    return S_OK;
}

Napi::Value ProbeOperation::Result(Napi::Env env)
{
    Napi::Object found = Napi::Object::New(env);
    found.Set("stdEvent", std_event_);
    found.Set("aggregableEvent", aggregable_event_);
    found.Set("proxyCallFactory", proxy_call_factory_);
    return found;
}

} // namespace callfactory
