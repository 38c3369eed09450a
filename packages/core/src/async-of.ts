import { extentNames } from "./extent.ts";
import {
  buildInterface,
  type AsyncInterface,
  type Interface,
  type Method,
  type Param,
  placeMethod,
} from "./interface.ts";

const twins = new WeakMap<Interface, AsyncInterface>();

/** IDispatch; nothing derived from it can have an async form (DISC-06). */
const IID_IDispatch = "00020400-0000-0000-c000-000000000046";

/**
 * Derives the AsyncI* twin of an interface that has an `asyncIid`; the same object on every call.
 *
 * Name, IID and base follow IDL-01 and IDL-05, the order of methods IDL-02, their parameters
 * IDL-03 and their return types IDL-04.
 *
 * @throws TypeError when `iface` has no `asyncIid`, derives from IDispatch (DISC-06), or from an
 *   interface without an async form other than IUnknown (IDL-05), or has an [in] parameter that
 *   depends on an [out] one (IDL-09).
 */
export function asyncOf<S>(iface: Interface<S>): AsyncInterface<S> {
  const known = twins.get(iface);
  if (known !== undefined) return known as AsyncInterface<S>;
  const { asyncIid, base } = iface;
  if (asyncIid === null)
    throw new TypeError(`${iface.name} has no async form: it names no async_uuid`);
  if (derivesFromDispatch(iface)) {
    throw new TypeError(
      `${iface.name} derives from IDispatch and cannot have an async form (DISC-06)`,
    );
  }
  if (base === null || (base.base !== null && base.asyncIid === null)) {
    throw new TypeError(
      `${iface.name} has an incompatible parent: ${base?.name ?? "none"} is neither IUnknown nor async (IDL-05)`,
    );
  }
  const asyncBase = base.base === null ? base : asyncOf(base);
  const name = `Async${iface.name}`;
  const twin = buildInterface({
    name,
    iid: asyncIid,
    base: asyncBase,
    methods: iface.methods.flatMap((m, i) => splitMethod(name, m, asyncBase.slots + 2 * i)),
    asyncIid: null,
    syncOf: iface,
  }) as AsyncInterface<S>;
  twins.set(iface, twin);
  return twin;
}

/** Begin_ takes what travels to the server, Finish_ what comes back; [in,out] is in both (IDL-03). */
function splitMethod(owner: string, of: Method, slot: number): [Method, Method] {
  for (const i of of.ins) checkHalf(of, paramAt(of, i));
  const begin = {
    name: `Begin_${of.name}`,
    params: of.ins.map((i) => ({ ...paramAt(of, i), direction: "in", retval: false }) as const),
    returns: of.returns,
  };
  const finish = {
    name: `Finish_${of.name}`,
    params: of.outs.map((i) => ({ ...paramAt(of, i), direction: "out" }) as const),
    returns: of.returns,
  };
  return [
    placeMethod(owner, begin, slot, { kind: "Begin_", of }),
    placeMethod(owner, finish, slot + 1, { kind: "Finish_", of }),
  ];
}

/** What goes to the server cannot be sized by what only comes back (IDL-09). */
function checkHalf(of: Method, { name, type }: Param): void {
  for (const extent of extentNames(type)) {
    const sizing = of.params.find((p) => p.name === extent.name);
    if (sizing?.direction !== "out") continue;
    throw new TypeError(
      `${of.qualifiedName}: '${name}' is in Begin_ and sized by '${extent.name}', which is not (IDL-09)`,
    );
  }
}

function paramAt(m: Method, index: number): Method["params"][number] {
  return m.params[index] as Method["params"][number];
}

function derivesFromDispatch(iface: Interface | null): boolean {
  for (let i = iface; i !== null; i = i.base) if (i.iid === IID_IDispatch) return true;
  return false;
}
