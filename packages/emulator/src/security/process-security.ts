import {
  E_INVALIDARG,
  EOAC_DYNAMIC_CLOAKING,
  EOAC_NONE,
  EOAC_SECURE_REFS,
  EOAC_STATIC_CLOAKING,
  type HResult,
  type Identity,
  RPC_C_AUTHN_LEVEL_CONNECT,
  RPC_C_AUTHN_LEVEL_DEFAULT,
  RPC_C_AUTHN_LEVEL_NONE,
  RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
  RPC_C_AUTHN_NONE,
  RPC_C_AUTHN_WINNT,
  RPC_C_AUTHZ_NONE,
  RPC_C_IMP_LEVEL_DEFAULT,
  RPC_C_IMP_LEVEL_DELEGATE,
  RPC_C_IMP_LEVEL_IDENTIFY,
  RPC_E_TOO_LATE,
  S_OK,
} from "@callfactory/core";
import type { Thread } from "../apartment/apartment.ts";
import type { BlanketSettings } from "./call-auth.ts";
import { processToken, type Token } from "./identity.ts";
import { ThreadSecurityTable } from "./thread-security.ts";

const CLOAKING = EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING;

/** What COM takes when nobody has said anything (SEC-14). */
const SYSTEM_DEFAULTS: BlanketSettings = {
  authnSvc: RPC_C_AUTHN_WINNT,
  authzSvc: RPC_C_AUTHZ_NONE,
  serverPrincName: null,
  authnLevel: RPC_C_AUTHN_LEVEL_CONNECT,
  impLevel: RPC_C_IMP_LEVEL_IDENTIFY,
  capabilities: EOAC_NONE,
};

/** The arguments of CoInitializeSecurity that mean something here. */
export interface ProcessSettings {
  readonly authnLevel: number;
  readonly impLevel: number;
  readonly capabilities: number;
}

/** Who a process is, what its proxies start with, and whom its threads impersonate. */
export class ProcessSecurity {
  readonly identity: Identity;
  readonly threads = new ThreadSecurityTable();
  #defaults = SYSTEM_DEFAULTS;
  #hasSecureRefs = false;
  #isSettled = false;

  constructor(identity: Identity) {
    this.identity = identity;
  }

  /** The blanket of a new proxy; with the first one COM settles the matter by itself (SEC-14). */
  get defaults(): BlanketSettings {
    this.#isSettled = true;
    return this.#defaults;
  }

  /** Whether IUnknown's settings are out of reach (SEC-03). */
  get hasSecureRefs(): boolean {
    return this.#hasSecureRefs;
  }

  /** CoInitializeSecurity. */
  initialize({ authnLevel, impLevel, capabilities }: ProcessSettings): HResult {
    if (this.#isSettled) return RPC_E_TOO_LATE;
    const isKnown =
      authnLevel <= RPC_C_AUTHN_LEVEL_PKT_PRIVACY &&
      impLevel <= RPC_C_IMP_LEVEL_DELEGATE &&
      (capabilities & ~(CLOAKING | EOAC_SECURE_REFS)) === 0 &&
      (capabilities & CLOAKING) !== CLOAKING;
    const hasSecureRefs = (capabilities & EOAC_SECURE_REFS) !== 0;
    const isUnauthenticated = authnLevel === RPC_C_AUTHN_LEVEL_NONE;
    if (!isKnown || (hasSecureRefs && isUnauthenticated)) return E_INVALIDARG;
    const { authnLevel: anyLevel, impLevel: anyImpLevel } = SYSTEM_DEFAULTS;
    this.#defaults = {
      ...SYSTEM_DEFAULTS,
      authnSvc: isUnauthenticated ? RPC_C_AUTHN_NONE : SYSTEM_DEFAULTS.authnSvc,
      authnLevel: authnLevel === RPC_C_AUTHN_LEVEL_DEFAULT ? anyLevel : authnLevel,
      impLevel: impLevel === RPC_C_IMP_LEVEL_DEFAULT ? anyImpLevel : impLevel,
      capabilities: capabilities & CLOAKING,
    };
    this.#hasSecureRefs = hasSecureRefs;
    this.#isSettled = true;
    return S_OK;
  }

  /** Whom `thread` acts as. */
  tokenOf(thread: Thread): Token {
    return this.threads.of(thread).scope.token ?? processToken(this.identity);
  }
}
