import type { HResult, Interface } from "@callfactory/core";

/** The server call object that Begin_ and Finish_ belong to (SRV-04). */
export interface ServerCallObject {
  /** Completes the call: ISynchronize::Signal in the apartment of Begin_ (SRV-09, SRV-10). */
  signal(): HResult;
  /** RPC_E_CALL_CANCELED when the client has asked to cancel, else RPC_S_CALLPENDING (SRV-18). */
  testCancel(): HResult;
}

/** What a server call object can say besides its methods. */
export interface CallObjectOptions {
  /** Interfaces beyond AsyncIFoo, ICancelMethodCalls for one (CALL-16). */
  readonly interfaces?: readonly Interface[];
  /**
   * A Finish_ that comes before completion: "wait" for it (the default, SRV-13), or "pass" it to
   * the implementation, which may answer RPC_S_CALLPENDING (FIN-04).
   */
  readonly earlyFinish?: "wait" | "pass";
}
