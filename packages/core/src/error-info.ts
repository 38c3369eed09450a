import type { Guid } from "./guid.ts";

/**
 * What a server says of a failure besides its HRESULT: the values of IErrorInfo, which travel with
 * the reply as an extent (MAR-14). A server that says nothing sends nothing.
 */
export interface ErrorInfo {
  readonly description?: string;
  /** The ProgID of what failed. */
  readonly source?: string;
  readonly helpFile?: string;
  readonly helpContext?: number;
  /** The interface whose method failed; set when the server leaves it out. */
  readonly iid?: Guid;
}
