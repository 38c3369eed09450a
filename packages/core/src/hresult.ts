declare const brand: unique symbol;

/** An HRESULT as an **unsigned** 32-bit number. */
export type HResult = number & { readonly [brand]: "HResult" };

/** Normalises a signed or unsigned 32-bit value; the one place where the sign is dropped. */
export function hresult(bits: number): HResult {
  return (bits >>> 0) as HResult;
}

/** Tells whether `hr` is a success code. RPC_S_CALLPENDING is not one, whatever its letter says (SYNC-03). */
export function succeeded(hr: HResult): boolean {
  return hr < 0x80000000;
}

/** Tells whether `hr` has the severity bit set. */
export function failed(hr: HResult): boolean {
  return hr >= 0x80000000;
}

/** HRESULT_FROM_WIN32: wraps a Win32 error code; 0 stays S_OK, and a failure HRESULT what it is. */
export function hresultFromWin32(code: number): HResult {
  return (code | 0) <= 0 ? hresult(code) : hresult(0x80070000 | (code & 0xffff));
}
