// Reads the requests that it is given, METHOD:HEX, with rpcrt4's interface stub, and prints what
// rpcrt4's interface proxy makes of the values: the proxy is the object that the stub calls.

// The interpreted proxies of -Oif.
#define USE_STUBLESS_PROXY

#include <objbase.h>
#include <rpcproxy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

// rpcrt4 exports these; not every header that widl's output meets declares them.
HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown* self, REFIID iid, void** out);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown* self);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown* self);

#include "probe_i.c"
#include "probe_p.c"

static const ProxyFileInfo* proxy_files[] = { (const ProxyFileInfo*)&probe_ProxyFileInfo, NULL };
static CStdPSFactoryBuffer factory_buffer;

// What probe_p.c expects of the program that it is part of.
CSTDSTUBBUFFERRELEASE(&factory_buffer)

static HRESULT STDMETHODCALLTYPE QueryInterface(IRpcChannelBuffer* self, REFIID iid, void** out)
{
    *out = self;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE AddRef(IRpcChannelBuffer* self) { return 2; }

static ULONG STDMETHODCALLTYPE Release(IRpcChannelBuffer* self) { return 1; }

static HRESULT STDMETHODCALLTYPE GetBuffer(
    IRpcChannelBuffer* self, RPCOLEMESSAGE* message, REFIID iid)
{
    message->Buffer = calloc(1, message->cbBuffer + 64);
    message->dataRepresentation = 0x10;
    return message->Buffer ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE SendReceive(
    IRpcChannelBuffer* self, RPCOLEMESSAGE* message, ULONG* status)
{
    const unsigned char* bytes = message->Buffer;
    ULONG i;

    for (i = 0; i < message->cbBuffer; i++)
        printf("%02x", bytes[i]);
    // A reply of S_OK.
    message->Buffer = calloc(1, 64);
    message->cbBuffer = 4;
    *status = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE FreeBuffer(IRpcChannelBuffer* self, RPCOLEMESSAGE* message)
{
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE GetDestCtx(IRpcChannelBuffer* self, DWORD* context, void** data)
{
    *context = MSHCTX_DIFFERENTMACHINE;
    if (data)
        *data = NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE IsConnected(IRpcChannelBuffer* self) { return S_OK; }

static IRpcChannelBufferVtbl channel_vtable = { QueryInterface, AddRef, Release, GetBuffer,
    SendReceive, FreeBuffer, GetDestCtx, IsConnected };
static IRpcChannelBuffer channel = { &channel_vtable };

static void remarshal(IRpcStubBuffer* stub, const char* text)
{
    RPCOLEMESSAGE message = { 0 };
    const char* hex = strchr(text, ':') + 1;
    ULONG length = strlen(hex) / 2, i;
    unsigned char* bytes = calloc(1, length + 64);
    unsigned int byte;
    HRESULT hr;

    for (i = 0; i < length; i++) {
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = byte;
    }
    message.Buffer = bytes;
    message.cbBuffer = length;
    message.dataRepresentation = 0x10;
    message.iMethod = atoi(text);
    printf("%d:", (int)message.iMethod);
    hr = stub->lpVtbl->Invoke(stub, &message, &channel);
    printf(":%08lx\n", (unsigned long)hr);
    fflush(stdout);
}

int main(int argc, char** argv)
{
    IPSFactoryBuffer* factory = NULL;
    IRpcProxyBuffer* proxy_buffer = NULL;
    IRpcStubBuffer* stub = NULL;
    void* proxy = NULL;
    HRESULT hr;
    int i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    hr = NdrDllGetClassObject(&IID_IProbe, &IID_IPSFactoryBuffer, (void**)&factory, proxy_files,
        &IID_IProbe, &factory_buffer);
    if (SUCCEEDED(hr))
        hr = factory->lpVtbl->CreateProxy(factory, NULL, &IID_IProbe, &proxy_buffer, &proxy);
    if (SUCCEEDED(hr))
        hr = proxy_buffer->lpVtbl->Connect(proxy_buffer, &channel);
    if (SUCCEEDED(hr))
        hr = factory->lpVtbl->CreateStub(factory, &IID_IProbe, proxy, &stub);
    if (FAILED(hr)) {
        printf("%08lx\n", (unsigned long)hr);
        return 1;
    }
    for (i = 1; i < argc; i++)
        remarshal(stub, argv[i]);
    printf("end\n");
    fflush(stdout);
    return 0;
}
