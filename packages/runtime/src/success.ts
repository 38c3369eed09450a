import { type HResult, succeeded } from "@callfactory/core";

/** A result that comes with a success code other than S_OK. */
export class Success<T = void> {
  readonly hr: HResult;
  readonly value: T;

  constructor(hr: HResult, value: T) {
    if (!succeeded(hr)) throw new RangeError("a failure code is reported by throwing a ComError");
    this.hr = hr;
    this.value = value;
  }
}
