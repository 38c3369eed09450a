import { type Method, type MethodSpec, placeMethod } from "../interface.ts";
import type { ComCall } from "../pointer.ts";
import type { MethodsOf } from "../signature.ts";

declare const shape: unique symbol;

/** A table of functions, described as the methods of an interface are. */
export interface FunctionTable<S = unknown> {
  readonly members: ReadonlyMap<string, Method>;
  readonly [shape]?: S;
}

/** The functions of a table as promises; a failure HRESULT rejects with a ComError. */
export type Functions<S> = {
  readonly [K in keyof S]: S[K] extends (...args: infer A) => infer R
    ? (...args: A) => ComCall<R>
    : never;
};

/** Describes functions of one library; `owner` is its name, for messages. */
export function defineFunctions<const M extends readonly MethodSpec[]>(
  owner: string,
  methods: M,
): FunctionTable<MethodsOf<M>> {
  const placed = methods.map((m, slot) => [m.name, placeMethod(owner, m, slot, null)] as const);
  return Object.freeze({ members: new Map(placed) });
}
