/* Some releases of Wine lack bcryptprimitives.dll, which native Node modules written in Rust import
 * for one function: ProcessPrng, the process's random generator. advapi32 has the same. */

#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length);

BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    while (length != 0) {
        ULONG part = length > 0x10000000 ? 0x10000000 : (ULONG)length;
        if (!SystemFunction036(buffer, part))
            return FALSE;
        buffer += part;
        length -= part;
    }
    return TRUE;
}
