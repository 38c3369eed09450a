import type { Guid } from "@callfactory/core";
import type { InterfaceProxy } from "../marshal/interface-proxy.ts";
import { type ComObject, Pointer } from "../object/com-object.ts";
import type { Blanket } from "./blanket.ts";
import type { BlanketHolder } from "./client-security.ts";
import type { ProcessSecurity } from "./process-security.ts";

/** The part of a proxy manager whose interfaces have settings. */
interface ProxyOwner extends ComObject {
  proxyOf(iid: Guid): InterfaceProxy | undefined;
}

/** The security settings of a proxy: one blanket for each interface, and for each copy of one (SEC-03). */
export class ProxySecurity implements BlanketHolder {
  readonly #owner: ProxyOwner;
  readonly #security: ProcessSecurity;
  /** IUnknown's: of the calls that COM makes for AddRef, Release and QueryInterface. */
  readonly #own: Blanket;
  readonly #copies = new WeakMap<Pointer, InterfaceProxy>();

  constructor(owner: ProxyOwner, security: ProcessSecurity, own: Blanket) {
    this.#owner = owner;
    this.#security = security;
    this.#own = own;
  }

  blanketOf(pointer: Pointer): Blanket | null {
    if (pointer === this.#owner.inner) return this.#own;
    return this.#proxyBehind(pointer)?.blanket ?? null;
  }

  /** With secure references nobody may change IUnknown's (SEC-03). */
  mayChange(pointer: Pointer): boolean {
    return pointer !== this.#owner.inner || !this.#security.hasSecureRefs;
  }

  copyOf(pointer: Pointer): Pointer | null {
    const original = this.#proxyBehind(pointer);
    if (original === undefined) return null;
    const proxy = original.copy();
    // QueryInterface does not lead to a copy, only to the original.
    const copy = new Pointer(proxy.iface, this.#owner.controlling, (method, args, context) =>
      proxy.call(method, args, context),
    );
    this.#copies.set(copy, proxy);
    this.#owner.controlling.addRef();
    return copy;
  }

  #proxyBehind(pointer: Pointer): InterfaceProxy | undefined {
    const { iid } = pointer.iface;
    if (this.#owner.exposed(iid) === pointer) return this.#owner.proxyOf(iid);
    return this.#copies.get(pointer);
  }
}
