import type { Direction, Interface, Method, ReturnType } from "@callfactory/core";
import { TypeWriter } from "./type-words.ts";

/** A method in the form that the addon compiles: numbers, and the names of structure members. */
export interface SignatureWords {
  readonly words: Int32Array;
  readonly fieldNames: readonly string[];
}

// The numbers of type_table.h.
const HALVES = { Begin_: 1, Finish_: 2 } as const;
const RETURNS: Readonly<Record<ReturnType, number>> = { HRESULT: 0, void: 1, ULONG: 2 };
const DIRECTIONS: Readonly<Record<Direction, number>> = { in: 0, out: 1, inout: 2 };

/**
 * Flattens a method's descriptor.
 *
 * Parameters that bound an array or name an IID are numbered as in the synchronous method, because
 * a Finish_ half depends on what its Begin_ half was given (FIN-11).
 *
 * @throws TypeError when the addon cannot express a type.
 */
export function signatureWords(
  method: Method,
  interfaceId: (iface: Interface) => number,
): SignatureWords {
  const sync = method.half?.of ?? method;
  const named = namesIn(sync, interfaceId);
  const writer = new TypeWriter(sync.params, interfaceId);
  const params = method.params.flatMap((p) => {
    const place = sync.params.findIndex((other) => other.name === p.name);
    // What is [in,out] stays a pointer in the Begin_ half, where it only goes in (IDL-03).
    const isReference = sync.params[place]?.direction === "inout";
    const flags = [Number(isReference), place, Number(named.has(p.name))];
    return [writer.write(p.type), DIRECTIONS[p.direction], ...flags];
  });
  writer.finish();
  const words = [
    method.slot,
    sync.slot,
    method.half === null ? 0 : HALVES[method.half.kind],
    RETURNS[method.returns],
    method.params.length,
    writer.count,
    ...params,
    ...writer.words,
  ];
  return { words: Int32Array.from(words), fieldNames: writer.fieldNames };
}

/** The parameters that others refer to: a Begin_ half has the counts of its Finish_ half. */
function namesIn(sync: Method, interfaceId: (iface: Interface) => number): ReadonlySet<string> {
  const writer = new TypeWriter(sync.params, interfaceId);
  for (const p of sync.params) writer.write(p.type);
  writer.finish();
  return writer.named;
}
