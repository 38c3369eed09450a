import {
  countOf,
  holdsInterface,
  holdsType,
  type Method,
  type Param,
  type Type,
} from "@callfactory/core";
import type { Codec, Lookup } from "./codec.ts";
import { type ValuesCodec, valuesCodec } from "./generate/direction-source.ts";
import { compileType, type Names } from "./compile.ts";

/** What one direction of a method is read and written with. */
export interface Direction {
  /** One codec a value, in IDL order. */
  readonly codecs: readonly Codec[];
  /** All of them together. */
  readonly values: ValuesCodec;
  /** Something looks at other values than its own, or at the host. */
  readonly scoped: boolean;
  /** Interface pointers occur. */
  readonly hasInterfaces: boolean;
  /** [ptr] pointers occur. */
  readonly hasFullPointers: boolean;
}

/** A method, compiled. */
export interface MethodPlan {
  readonly method: Method;
  readonly request: Direction;
  readonly reply: Direction;
  /** Where each out gets its value from when the server has not set it. */
  readonly unset: readonly Unset[];
}

/** The source of an out that was left unset: the request's value, the array it counts, or nothing. */
export type Unset =
  | { readonly kind: "in"; readonly place: number }
  | {
      readonly kind: "count";
      readonly ofPlace: number;
      /** Counts the value at that place. */
      readonly count: (value: unknown) => number;
    }
  | { readonly kind: "zero" };

/**
 * Compiles both directions of a method.
 *
 * @throws TypeError as `methodCodec` says.
 */
export function compileMethod(method: Method): MethodPlan {
  if (method.half !== null) {
    throw new TypeError(
      `${method.qualifiedName} is local; ${method.half.of.qualifiedName} travels for it`,
    );
  }
  return {
    method,
    request: compileDirection(method, method.ins, requestNames(method)),
    reply: compileDirection(method, method.outs, replyNames(method)),
    unset: method.outs.map((index) => unsetSource(method, index)),
  };
}

function compileDirection(method: Method, indices: readonly number[], names: Names): Direction {
  const types = indices.map((index) => paramAt(method, index).type);
  const codecs = types.map((type) => compileType(type, names));
  const values = valuesCodec(types, codecs, names);
  return {
    codecs,
    values,
    scoped: values.scoped ?? types.some((type) => holdsType(type, looksAround)),
    hasInterfaces: types.some((type) => holdsInterface(type)),
    hasFullPointers: types.some((type) => holdsType(type, isFullPointer)),
  };
}

function isFullPointer(type: Type): boolean {
  return type.kind === "pointer" && type.pointer === "ptr";
}

/** Tells whether a type's codec looks at more than its value: at other values, or at the host. */
function looksAround(type: Type): boolean {
  switch (type.kind) {
    case "array":
    case "chars":
    case "union":
    case "interface":
    case "variant":
    case "safearray":
    // What leads to itself is counted as it is followed.
    case "lazy":
      return true;
    case "pointer":
      return type.pointer === "ptr";
    default:
      return false;
  }
}

/** In a request only what the caller gives is known. */
function requestNames(method: Method): Names {
  return (name) => {
    const index = method.params.findIndex((p) => p.name === name);
    return index < 0 ? null : inLookup(method.ins.indexOf(index));
  };
}

/** In a reply an [in,out] value is the one that comes back. */
function replyNames(method: Method): Names {
  return (name) => {
    const index = method.params.findIndex((p) => p.name === name);
    if (index < 0) return null;
    const place = method.outs.indexOf(index);
    if (place < 0) return inLookup(method.ins.indexOf(index));
    return (scope) => scope.outs[place] ?? undefined;
  };
}

function inLookup(place: number): Lookup {
  return (scope) => scope.ins[place] ?? undefined;
}

function unsetSource(method: Method, index: number): Unset {
  const { name, direction } = paramAt(method, index);
  if (direction === "inout") return { kind: "in", place: method.ins.indexOf(index) };
  for (const [ofPlace, i] of method.outs.entries()) {
    const count = countOf(paramAt(method, i).type, name);
    if (count !== null) return { kind: "count", ofPlace, count };
  }
  return { kind: "zero" };
}

function paramAt(method: Method, index: number): Param {
  return method.params[index] as Param;
}
