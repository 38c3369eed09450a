import type { ErrorInfo } from "./error-info.ts";
import { E_UNEXPECTED } from "./hresult-constants.ts";
import { failed, type HResult, hresult } from "./hresult.ts";
import { hresultName } from "./hresult-name.ts";

/** What a {@link ComError} can say beyond its HRESULT. */
export interface ComErrorOptions {
  /** The cause in words and the next step, appended to the message. */
  readonly detail?: string;
  /** What led to the failure: an exception of a server, the reason of an abort. */
  readonly cause?: unknown;
  /** For a server: what its clients are to be told. For a client: what the server told. */
  readonly errorInfo?: ErrorInfo;
}

/**
 * A COM call that failed: its HRESULT and the place, as `[RPC_E_CALL_CANCELED] ICalculator::Add`.
 *
 * `hr` is unsigned and always a failure code; success codes are values, never errors.
 */
export class ComError extends Error {
  /** The failure code, unsigned. */
  readonly hr: HResult;
  /** `IFoo::Method`, or the COM function that failed. */
  readonly where: string;
  /** IErrorInfo, when the server set it. */
  readonly errorInfo: ErrorInfo | null;

  constructor(hr: HResult, where: string, options: ComErrorOptions = {}) {
    const code = hresult(hr);
    const tail = options.detail === undefined ? "" : `: ${options.detail}`;
    super(
      `[${hresultName(code)}] ${where}${tail}`,
      "cause" in options ? { cause: options.cause } : undefined,
    );
    this.name = "ComError";
    this.hr = failed(code) ? code : E_UNEXPECTED;
    this.where = where;
    this.errorInfo = options.errorInfo ?? null;
  }
}

/** Throws the {@link ComError} of `hr` when it is a failure; returns it otherwise. */
export function throwIfFailed(hr: HResult, where: string, options?: ComErrorOptions): HResult {
  if (failed(hr)) throw new ComError(hr, where, options);
  return hr;
}
