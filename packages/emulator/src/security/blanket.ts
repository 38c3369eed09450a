import {
  type COAUTHIDENTITY,
  ComError,
  E_INVALIDARG,
  EOAC_DEFAULT,
  EOAC_DYNAMIC_CLOAKING,
  EOAC_STATIC_CLOAKING,
  type HResult,
  type Identity,
  HRESULT_ERROR_BAD_IMPERSONATION_LEVEL,
  RPC_C_AUTHN_DEFAULT,
  RPC_C_AUTHN_LEVEL_DEFAULT,
  RPC_C_AUTHN_LEVEL_NONE,
  RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
  RPC_C_AUTHN_NONE,
  RPC_C_AUTHZ_DEFAULT,
  RPC_C_IMP_LEVEL_ANONYMOUS,
  RPC_C_IMP_LEVEL_DEFAULT,
  RPC_C_IMP_LEVEL_DELEGATE,
  RPC_C_IMP_LEVEL_IMPERSONATE,
  S_OK,
  type Value,
} from "@callfactory/core";
import type { Thread } from "../apartment/apartment.ts";
import type { BlanketSettings, CallAuth } from "./call-auth.ts";
import { processToken, type Token } from "./identity.ts";
import type { ProcessSecurity } from "./process-security.ts";

const CLOAKING = EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING;
/** What SetBlanket takes besides: EOAC_MUTUAL_AUTH, EOAC_ANY_AUTHORITY and EOAC_MAKE_FULLSIC mean nothing here. */
const IGNORED_CAPABILITIES = 0x1 | 0x80 | 0x100;

/** What SetBlanket is given. */
export interface NewSettings extends BlanketSettings {
  readonly authInfo: Value<typeof COAUTHIDENTITY> | null;
}

/** The security settings of one interface of a proxy, or of a call object (SEC-01). */
export class Blanket {
  readonly #security: ProcessSecurity;
  #settings: BlanketSettings;
  /** Explicit credentials, in place of anybody's token. */
  #credentials: Identity | null = null;
  /** With static cloaking: whom the proxy presents from the first call on (SEC-12). */
  #presented: Token | null = null;
  #isOwn = false;
  /** What goes with every call, while it does not depend on who calls. */
  #auth: CallAuth | null = null;
  readonly #isLenient: boolean;

  /** With `isLenient` calls that cannot go in the name of a client go in the process's: COM's own must go. */
  constructor(security: ProcessSecurity, { isLenient = false } = {}) {
    this.#security = security;
    this.#settings = security.defaults;
    this.#isLenient = isLenient;
  }

  get settings(): BlanketSettings {
    return this.#settings;
  }

  /** Somebody has called SetBlanket. */
  get isOwn(): boolean {
    return this.#isOwn;
  }

  /** Another one with the same settings and an identity of its own to present (SEC-03). */
  copy(): Blanket {
    const copy = new Blanket(this.#security);
    copy.#settings = this.#settings;
    copy.#credentials = this.#credentials;
    copy.#isOwn = true;
    return copy;
  }

  /** IClientSecurity::SetBlanket; E_INVALIDARG leaves everything as it was. */
  set(given: NewSettings, thread: Thread): HResult {
    const settings = withDefaults(given, this.#settings, this.#security.defaults);
    const hasCredentials = given.authInfo !== null;
    if (!isValid(settings) || (hasCredentials && isCloaked(settings))) return E_INVALIDARG;
    this.#settings = settings;
    this.#auth = null;
    this.#isOwn = true;
    this.#credentials = identityOf(given.authInfo);
    // SetBlanket fixes whom a statically cloaked proxy presents (SEC-12).
    const isStatic = (settings.capabilities & EOAC_STATIC_CLOAKING) !== 0;
    this.#presented = isStatic ? this.#security.tokenOf(thread) : null;
    return S_OK;
  }

  /**
   * What goes with a call that `thread` makes.
   *
   * @throws ComError HRESULT_ERROR_BAD_IMPERSONATION_LEVEL when it would have to go in the name of
   *   a client that has not allowed that (SEC-13).
   */
  authFor(thread: Thread): CallAuth {
    if (isCloaked(this.#settings)) return this.#authAs(this.#tokenFor(thread));
    const { identity } = this.#security;
    this.#auth ??= this.#authAs(processToken(this.#credentials ?? identity));
    return this.#auth;
  }

  #authAs({ identity, level }: Token): CallAuth {
    const settings = this.#settings;
    if (level < RPC_C_IMP_LEVEL_IMPERSONATE) {
      throw new ComError(HRESULT_ERROR_BAD_IMPERSONATION_LEVEL, "cloaking", {
        detail: "the impersonated client lets nobody call in its name",
      });
    }
    const isAnonymous =
      settings.authnLevel === RPC_C_AUTHN_LEVEL_NONE ||
      settings.impLevel === RPC_C_IMP_LEVEL_ANONYMOUS;
    return { ...settings, client: isAnonymous ? null : identity };
  }

  /** Whom a cloaked proxy presents (SEC-12). */
  #tokenFor(thread: Thread): Token {
    const token = this.#security.tokenOf(thread);
    if (this.#isLenient && token.level < RPC_C_IMP_LEVEL_IMPERSONATE) {
      return processToken(this.#security.identity);
    }
    if ((this.#settings.capabilities & EOAC_DYNAMIC_CLOAKING) !== 0) return token;
    this.#presented ??= token;
    return this.#presented;
  }
}

function isCloaked({ capabilities }: BlanketSettings): boolean {
  return (capabilities & CLOAKING) !== 0;
}

/** Replaces the constants that leave the choice to COM. */
function withDefaults(
  given: NewSettings,
  present: BlanketSettings,
  defaults: BlanketSettings,
): BlanketSettings {
  const isUnauthenticated = given.authnLevel === RPC_C_AUTHN_LEVEL_NONE;
  const anyService = isUnauthenticated ? RPC_C_AUTHN_NONE : defaults.authnSvc;
  const authnSvc = given.authnSvc === RPC_C_AUTHN_DEFAULT ? anyService : given.authnSvc;
  const anyLevel = given.authnLevel === RPC_C_AUTHN_LEVEL_DEFAULT;
  return {
    authnSvc,
    authzSvc: given.authzSvc === RPC_C_AUTHZ_DEFAULT ? defaults.authzSvc : given.authzSvc,
    // NULL leaves the name that was set.
    serverPrincName: given.serverPrincName ?? present.serverPrincName,
    authnLevel: levelFor(authnSvc, anyLevel ? defaults.authnLevel : given.authnLevel),
    impLevel: given.impLevel === RPC_C_IMP_LEVEL_DEFAULT ? defaults.impLevel : given.impLevel,
    capabilities:
      (given.capabilities & EOAC_DEFAULT) !== 0
        ? defaults.capabilities
        : given.capabilities & ~IGNORED_CAPABILITIES,
  };
}

/** Without a service there is no authentication at any level. */
function levelFor(authnSvc: number, level: number): number {
  return authnSvc === RPC_C_AUTHN_NONE ? RPC_C_AUTHN_LEVEL_NONE : level;
}

function isValid({ authnSvc, authnLevel, impLevel, capabilities }: BlanketSettings): boolean {
  const isUnauthenticated = authnLevel === RPC_C_AUTHN_LEVEL_NONE;
  return (
    isUnauthenticated === (authnSvc === RPC_C_AUTHN_NONE) &&
    authnLevel <= RPC_C_AUTHN_LEVEL_PKT_PRIVACY &&
    impLevel <= RPC_C_IMP_LEVEL_DELEGATE &&
    (capabilities & ~CLOAKING) === 0 &&
    capabilities !== CLOAKING
  );
}

/** Whom explicit credentials name; the emulator knows no passwords. */
function identityOf(authInfo: NewSettings["authInfo"]): Identity | null {
  if (authInfo === null) return null;
  const { User, Domain } = authInfo;
  return { name: Domain === null || Domain === "" ? (User ?? "") : `${Domain}\\${User ?? ""}` };
}
