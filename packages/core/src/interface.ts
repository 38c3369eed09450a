import { countOf, extentNames, holdsInterface } from "./extent.ts";
import { type Guid, guid } from "./guid.ts";
import type { AsyncMethods, MethodsOf } from "./signature.ts";
import type { Type } from "./type.ts";

/** Which way a parameter travels. */
export type Direction = "in" | "out" | "inout";

/**
 * One parameter. `type` is what travels: an `[out] ULONG *n` is `ULONG` with direction `out`,
 * an `[out, size_is(n)] BYTE *buf` is an array of BYTE with direction `out`.
 */
export interface Param<
  N extends string = string,
  T extends Type = Type,
  D extends Direction = Direction,
> {
  readonly name: N;
  readonly type: T;
  readonly direction: D;
  readonly retval: boolean;
}

/** Declares parameters, in IDL's words. */
export const param = {
  in: <const N extends string, T extends Type>(name: N, type: T): Param<N, T, "in"> => ({
    name,
    type,
    direction: "in",
    retval: false,
  }),
  out: <const N extends string, T extends Type>(name: N, type: T): Param<N, T, "out"> => ({
    name,
    type,
    direction: "out",
    retval: false,
  }),
  inout: <const N extends string, T extends Type>(name: N, type: T): Param<N, T, "inout"> => ({
    name,
    type,
    direction: "inout",
    retval: false,
  }),
  retval: <const N extends string, T extends Type>(name: N, type: T): Param<N, T, "out"> => ({
    name,
    type,
    direction: "out",
    retval: true,
  }),
} as const;

/** What a method returns in C. Only an HRESULT can report failure. */
export type ReturnType = "HRESULT" | "void" | "ULONG";

/** A method as written down, before it has a place in a vtable. */
export interface MethodSpec<
  N extends string = string,
  P extends readonly Param[] = readonly Param[],
  R extends ReturnType = ReturnType,
> {
  readonly name: N;
  readonly params: P;
  readonly returns: R;
}

/** Declares a method; what a method without HRESULT returns is its result. */
export function method<
  const N extends string,
  const P extends readonly Param[],
  R extends ReturnType = "HRESULT",
>(name: N, params: P, returns: R = "HRESULT" as R): MethodSpec<N, P, R> {
  return { name, params, returns };
}

/** A method with its place in the vtable and everything that can be worked out once. */
export interface Method extends MethodSpec {
  /** `IFoo::Bar`, for messages and traces. */
  readonly qualifiedName: string;
  /** The vtable slot, counting IUnknown's three; also the opnum on the wire. */
  readonly slot: number;
  /** Indices into `params` of those that the caller gives: `in` and `inout`. */
  readonly ins: readonly number[];
  /** Indices into `params` of those that come back: `out` and `inout`. */
  readonly outs: readonly number[];
  /** Indices into `params` of the outs that callers see; counts that an array implies are left out. */
  readonly results: readonly number[];
  /** True when an interface pointer can occur anywhere in the parameters. */
  readonly hasInterfaces: boolean;
  /** For a method of an async interface: which half of which synchronous method it is. */
  readonly half: { readonly kind: "Begin_" | "Finish_"; readonly of: Method } | null;
}

declare const shape: unique symbol;

/** Printed in MIDL's reference as an example of async_uuid; taken all the same. */
const IID_ICallFactory = guid("1c733a30-2a1c-11ce-ade5-00aa0044773d");

/** An interface: its name, IID, base and vtable. `S` types its methods and exists in types only. */
export interface Interface<S = unknown> {
  readonly name: string;
  readonly iid: Guid;
  readonly base: Interface | null;
  /** Own methods, without those of the base. */
  readonly methods: readonly Method[];
  /** All methods by name, inherited ones too, without IUnknown's three. */
  readonly members: ReadonlyMap<string, Method>;
  /** Number of vtable slots, IUnknown's three included. */
  readonly slots: number;
  /** The IID of the AsyncI* twin, when `[async_uuid]` names one. */
  readonly asyncIid: Guid | null;
  /** For an AsyncI* interface: the synchronous one. */
  readonly syncOf: Interface | null;
  readonly [shape]?: S;
}

/** An AsyncI* interface, as {@link asyncOf} derives it; `S` are the *synchronous* methods. */
export interface AsyncInterface<S = unknown> extends Interface<AsyncMethods<S>> {
  readonly syncOf: Interface<S>;
}

/** What {@link defineInterface} takes. */
export interface InterfaceSpec<M extends readonly MethodSpec[], B> {
  readonly name: string;
  readonly iid: string;
  /** The argument of `[async_uuid]`. */
  readonly asyncIid?: string;
  readonly base: Interface<B>;
  readonly methods: M;
}

/**
 * Describes an interface.
 *
 * @throws TypeError when a GUID, a method name or a `size_is` reference is wrong, when the base is
 *   an async interface (IDL-06), or `asyncIid` that of MIDL's example (IDL-13).
 */
export function defineInterface<const M extends readonly MethodSpec[], B>(
  spec: InterfaceSpec<M, B>,
): Interface<B & MethodsOf<M>> {
  if (spec.base.syncOf !== null) {
    throw new TypeError(
      `${spec.name} cannot derive from ${spec.base.name}: async forms are derived by asyncOf alone (IDL-06)`,
    );
  }
  if (spec.asyncIid !== undefined && guid(spec.asyncIid) === IID_ICallFactory) {
    throw new TypeError(
      `${spec.name}: {${IID_ICallFactory}} is ICallFactory's own IID; choose another async_uuid (IDL-13)`,
    );
  }
  const methods = spec.methods.map((m, i) => placeMethod(spec.name, m, spec.base.slots + i, null));
  return buildInterface({
    name: spec.name,
    iid: guid(spec.iid),
    base: spec.base,
    methods,
    asyncIid: spec.asyncIid === undefined ? null : guid(spec.asyncIid),
    syncOf: null,
  }) as Interface<B & MethodsOf<M>>;
}

/** Puts a finished method list behind a base; the one place that builds an {@link Interface}. */
export function buildInterface(
  parts: Omit<Interface, "members" | "slots" | typeof shape>,
): Interface {
  const members = new Map(parts.base?.members ?? []);
  for (const m of parts.methods) {
    if (members.has(m.name)) throw new TypeError(`${m.qualifiedName} is declared twice`);
    members.set(m.name, m);
  }
  const first = parts.base?.slots ?? 3;
  return Object.freeze({ ...parts, members, slots: first + parts.methods.length });
}

/** Gives `spec` its slot and works out its directions. */
export function placeMethod(
  owner: string,
  spec: MethodSpec,
  slot: number,
  half: Method["half"],
): Method {
  const qualifiedName = `${owner}::${spec.name}`;
  const { params } = spec;
  const positions = params.map((_, i) => i);
  const outs = positions.filter((i) => params[i]?.direction !== "in");
  const scope = half?.of.params ?? params;
  const implied = impliedCounts(qualifiedName, params, scope);
  return Object.freeze({
    ...spec,
    qualifiedName,
    slot,
    ins: positions.filter((i) => params[i]?.direction !== "out"),
    outs,
    results: outs.filter((i) => !implied.has((params[i] as Param).name)),
    hasInterfaces: params.some((p) => holdsInterface(p.type)),
    half,
  });
}

/** Names of pure [out] parameters that only count an array; they follow from the array itself. */
function impliedCounts(
  qualifiedName: string,
  params: readonly Param[],
  scope: readonly Param[],
): Set<string> {
  const implied = new Set<string>();
  for (const p of params) {
    checkIid(qualifiedName, p, scope);
    for (const { name } of extentNames(p.type)) {
      const count = scope.find((other) => other.name === name);
      if (count === undefined) {
        throw new TypeError(
          `${qualifiedName}: '${p.name}' is sized by '${name}', which is no parameter`,
        );
      }
      const follows = countOf(p.type, name) !== null;
      if (count.direction === "out" && p.direction === "out" && follows) implied.add(name);
    }
  }
  return implied;
}

/** An interface pointer's `iid_is` names a parameter, as the extents of arrays do. */
function checkIid(qualifiedName: string, { name, type }: Param, scope: readonly Param[]): void {
  let inner = type;
  while (inner.kind === "pointer" || inner.kind === "array") {
    inner = inner.kind === "pointer" ? inner.target : inner.element;
  }
  if (inner.kind !== "interface" || inner.iidIs === undefined) return;
  const { iidIs } = inner;
  if (scope.some((other) => other.name === iidIs)) return;
  throw new TypeError(`${qualifiedName}: '${name}' is typed by '${iidIs}', which is no parameter`);
}
