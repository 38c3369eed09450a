import { type HResult, hresult, succeeded } from "@callfactory/core";

/** A result that comes with a success code other than S_OK. */
export class Success<T = void> {
  readonly hr: HResult;
  readonly value: T;

  constructor(hr: HResult, value: T) {
    if (!Number.isInteger(hr)) throw new TypeError(`Success: 'hr' must be an HRESULT, got ${hr}`);
    // A signed failure is one, too.
    if (!succeeded(hresult(hr))) {
      throw new RangeError("a failure code is reported by throwing a ComError");
    }
    this.hr = hr;
    this.value = value;
  }
}
