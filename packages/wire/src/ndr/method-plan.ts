import type { Method, Param, Type } from "@callfactory/core";
import type { Codec, Lookup } from "./codec.ts";
import { compileType, type Names } from "./compile.ts";

/** What one direction of a method is read and written with. */
export interface Direction {
  /** One codec a value, in IDL order. */
  readonly codecs: readonly Codec[];
  /** Some codec looks at other values or at the host. */
  readonly scoped: boolean;
  /** Interface pointers occur. */
  readonly hasInterfaces: boolean;
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
  | { readonly kind: "count"; readonly ofPlace: number }
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
  return {
    codecs: types.map((type) => compileType(type, names)),
    scoped: types.some((type) =>
      holds(type, ({ kind }) => kind === "array" || kind === "interface"),
    ),
    hasInterfaces: types.some((type) => holds(type, ({ kind }) => kind === "interface")),
  };
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
  const ofPlace = method.outs.findIndex((i) => isCountedBy(paramAt(method, i).type, name));
  return ofPlace < 0 ? { kind: "zero" } : { kind: "count", ofPlace };
}

function isCountedBy(type: Type, name: string): boolean {
  if (type.kind === "pointer") return isCountedBy(type.target, name);
  return type.kind === "array" && (type.bound.lengthIs === name || type.bound.sizeIs === name);
}

function holds(type: Type, matches: (type: Type) => boolean): boolean {
  if (matches(type)) return true;
  if (type.kind === "pointer") return holds(type.target, matches);
  if (type.kind === "array") return holds(type.element, matches);
  return (
    type.kind === "struct" && Object.values(type.fields).some((field) => holds(field, matches))
  );
}

function paramAt(method: Method, index: number): Param {
  return method.params[index] as Param;
}
