import { RPC_C_IMP_LEVEL_DELEGATE } from "@callfactory/core";

/** Somebody, as far as security tells one from another: a plain value, told by its name. */
export interface Identity {
  /** As GetUserNameW has it, and IServerSecurity::QueryBlanket. */
  readonly name: string;
  /** Whatever else a test wants to know its people by. */
  readonly [property: string]: unknown;
}

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
