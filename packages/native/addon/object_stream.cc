#include "object_stream.h"

#include "com_ptr.h"
#include "hresult.h"

namespace callfactory {

HRESULT MarshalToBytes(const IID& iid, IUnknown* object, std::vector<std::uint8_t>& objref) noexcept
{
    com_ptr<IStream> stream;
    RETURN_IF_FAILED(CreateStreamOnHGlobal(nullptr, TRUE, stream.put()));
    // For any process of the machine: for the own one alone, the free-threaded marshaler would
    // write a naked pointer.
    RETURN_IF_FAILED(
        CoMarshalInterface(stream.get(), iid, object, MSHCTX_LOCAL, nullptr, MSHLFLAGS_NORMAL));
    ULARGE_INTEGER end{};
    RETURN_IF_FAILED(stream->Seek(LARGE_INTEGER{}, STREAM_SEEK_CUR, &end));
    objref.resize(static_cast<std::size_t>(end.QuadPart));
    RETURN_IF_FAILED(stream->Seek(LARGE_INTEGER{}, STREAM_SEEK_SET, nullptr));
    ULONG read = 0;
    RETURN_IF_FAILED(stream->Read(objref.data(), static_cast<ULONG>(objref.size()), &read));
    return read == objref.size() ? S_OK : E_UNEXPECTED;
}

HRESULT UnmarshalFromBytes(
    const std::vector<std::uint8_t>& objref, const IID& iid, void** pointer) noexcept
{
    com_ptr<IStream> stream;
    RETURN_IF_FAILED(CreateStreamOnHGlobal(nullptr, TRUE, stream.put()));
    const auto size = static_cast<ULONG>(objref.size());
    ULONG written = 0;
    RETURN_IF_FAILED(stream->Write(objref.data(), size, &written));
    RETURN_HR_IF(E_OUTOFMEMORY, written != size);
    RETURN_IF_FAILED(stream->Seek(LARGE_INTEGER{}, STREAM_SEEK_SET, nullptr));
    return CoUnmarshalInterface(stream.get(), iid, pointer);
}

} // namespace callfactory
