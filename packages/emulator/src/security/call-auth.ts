import type { Identity } from "@callfactory/core";

/** The settings under which calls are made, in the words of rpcdce.h. */
export interface BlanketSettings {
  readonly authnSvc: number;
  readonly authzSvc: number;
  readonly serverPrincName: string | null;
  readonly authnLevel: number;
  readonly impLevel: number;
  readonly capabilities: number;
}

/**
 * What travels with a request besides its bytes, as the authentication trailer of a real PDU does:
 * who calls, and under which blanket (SEC-11).
 */
export interface CallAuth extends BlanketSettings {
  /** `null` when the client does not say who it is. */
  readonly client: Identity | null;
}
