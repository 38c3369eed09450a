import type { MethodSpec, Param } from "./interface.ts";
import type { Given } from "./automation-value.ts";
import type { Value } from "./value.ts";

/** The signatures of a list of methods, by name. */
export type MethodsOf<M extends readonly MethodSpec[]> = {
  [K in M[number] as K["name"]]: (
    ...args: InArgs<K["params"]>
  ) => K["returns"] extends "ULONG" ? number : Result<K["params"]>;
};

/** The arguments of a method: its [in] and [in,out] parameters in IDL order. */
export type InArgs<P extends readonly Param[]> = P extends readonly [
  infer Head extends Param,
  ...infer Tail extends readonly Param[],
]
  ? Head["direction"] extends "out"
    ? InArgs<Tail>
    : [Given<Head["type"]>, ...InArgs<Tail>]
  : [];

/** The result of a method: nothing, its one visible out parameter, or an object of several. */
export type Result<P extends readonly Param[]> = ResultOf<VisibleOuts<P, Implied<P>>>;

type ResultOf<O extends readonly Param[]> = O extends readonly []
  ? void
  : O extends readonly [infer Only extends Param]
    ? Value<Only["type"]>
    : { [K in O[number] as K["name"]]: Value<K["type"]> };

type VisibleOuts<P extends readonly Param[], Hidden> = P extends readonly [
  infer Head extends Param,
  ...infer Tail extends readonly Param[],
]
  ? Head["direction"] extends "in"
    ? VisibleOuts<Tail, Hidden>
    : Head["direction"] extends "out"
      ? Head["name"] extends Hidden
        ? VisibleOuts<Tail, Hidden>
        : [Head, ...VisibleOuts<Tail, Hidden>]
      : [Head, ...VisibleOuts<Tail, Hidden>]
  : [];

/** Names that an [out] array's extent refers to; as outs they follow from the array. */
type Implied<P extends readonly Param[]> = P[number] extends infer Q
  ? Q extends Param<string, infer T, "out">
    ? ExtentNames<T>
    : never
  : never;

type ExtentNames<T> = T extends { readonly kind: "pointer"; readonly target: infer U }
  ? ExtentNames<U>
  : T extends { readonly bound: infer B }
    ? B extends { readonly firstIs: string }
      ? never
      : Literal<Extract<B[keyof B], string>> | RowNames<T>
    : never;

/** A bound that is not known to the last letter names nothing. */
type Literal<S extends string> = string extends S ? never : S;

/** Names that the further dimensions of an array refer to. */
type RowNames<T> = T extends { readonly element: infer E }
  ? E extends { readonly kind: "array" }
    ? ExtentNames<E>
    : never
  : never;

/** The methods of the AsyncI* twin of an interface with the methods `S` (IDL-02, IDL-03). */
export type AsyncMethods<S> = {
  [K in keyof S & string as `Begin_${K}`]: S[K] extends (...args: infer A) => unknown
    ? (...args: A) => void
    : never;
} & {
  [K in keyof S & string as `Finish_${K}`]: S[K] extends (...args: never[]) => infer R
    ? () => R
    : never;
};
