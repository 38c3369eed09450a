import { type Identity, RPC_C_IMP_LEVEL_DELEGATE } from "@callfactory/core";

/** Who runs a process that was not told otherwise. */
export const DEFAULT_IDENTITY: Identity = { name: "user" };

/** What a thread acts with in place of its process's identity. */
export interface Token {
  /** `null`: an anonymous client (RPC_C_IMP_LEVEL_ANONYMOUS). */
  readonly identity: Identity | null;
  /** RPC_C_IMP_LEVEL_*: how far the client lets the server go (SEC-13). */
  readonly level: number;
}

/** The token of a process: it may do everything in its own name. */
export function processToken(identity: Identity): Token {
  return { identity, level: RPC_C_IMP_LEVEL_DELEGATE };
}
