import type { Direction, Interface, Method, Param, ReturnType, Type } from "@callfactory/core";

/** A method in the form that the addon compiles: numbers, and the names of structure members. */
export interface SignatureWords {
  readonly words: Int32Array;
  readonly fieldNames: readonly string[];
}

// The numbers of type_table.h.
const HALVES = { Begin_: 1, Finish_: 2 } as const;
const RETURNS: Readonly<Record<ReturnType, number>> = { HRESULT: 0, void: 1, ULONG: 2 };
const DIRECTIONS: Readonly<Record<Direction, number>> = { in: 0, out: 1, inout: 2 };
const KINDS: Readonly<Partial<Record<Type["kind"], number>>> = {
  int: 0,
  hyper: 1,
  float: 2,
  bool: 3,
  guid: 4,
  enum: 5,
  string: 6,
  bstr: 7,
  struct: 8,
  array: 9,
  pointer: 10,
  interface: 11,
};
const NONE = -1;

/**
 * Flattens a method's descriptor.
 *
 * Parameters that bound an array or name an IID are numbered as in the synchronous method, because
 * a Finish_ half depends on what its Begin_ half was given (FIN-11).
 */
export function signatureWords(
  method: Method,
  interfaceId: (iface: Interface) => number,
): SignatureWords {
  const sync = method.half?.of ?? method;
  const writer = new TypeWriter(sync.params, interfaceId);
  // A Begin_ half may have the count of an array that only its Finish_ half has.
  const counts = new Set(sync.params.flatMap((p) => extentNames(p.type)));
  const params = method.params.flatMap((p) => {
    const place = sync.params.findIndex((other) => other.name === p.name);
    // What is [in,out] stays a pointer in the Begin_ half, where it only goes in (IDL-03).
    const isReference = sync.params[place]?.direction === "inout";
    const flags = [Number(isReference), place, Number(counts.has(p.name))];
    return [writer.write(p.type), DIRECTIONS[p.direction], ...flags];
  });
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

/** The parameters that an array's extent refers to. */
function extentNames(type: Type): (string | undefined)[] {
  if (type.kind === "pointer") return extentNames(type.target);
  return type.kind === "array" ? [type.bound.sizeIs, type.bound.lengthIs] : [];
}

/** Writes types, each after those that it consists of. */
class TypeWriter {
  readonly words: number[] = [];
  readonly fieldNames: string[] = [];
  count = 0;
  readonly #params: readonly Param[];
  readonly #interfaceId: (iface: Interface) => number;

  constructor(params: readonly Param[], interfaceId: (iface: Interface) => number) {
    this.#params = params;
    this.#interfaceId = interfaceId;
  }

  /** Returns the number of the type. */
  write(type: Type): number {
    const kind = KINDS[type.kind];
    if (kind === undefined) throw new TypeError(`the addon knows no ${type.kind} types`);
    const own = this.#ownWords(type);
    this.words.push(kind, ...own);
    return this.count++;
  }

  #ownWords(type: Type): number[] {
    switch (type.kind) {
      case "int":
        return [type.sizeBytes, Number(type.signed)];
      case "hyper":
        return [Number(type.signed)];
      case "float":
        return [type.sizeBytes];
      case "bool":
        return [type.sizeBytes, type.trueBits];
      case "guid":
      case "enum":
      case "string":
      case "bstr":
        return [];
      case "struct": {
        const members = Object.entries(type.fields).flatMap(([name, member]) => [
          this.fieldNames.push(name) - 1,
          this.write(member),
        ]);
        return [members.length / 2, ...members];
      }
      case "array": {
        const { length, sizeIs, lengthIs, maxIs, lastIs, firstIs } = type.bound;
        if ((maxIs ?? lastIs ?? firstIs) !== undefined) {
          throw new TypeError("the addon knows no max_is, last_is and first_is");
        }
        const element = this.write(type.element);
        return [element, length ?? NONE, this.#param(sizeIs), this.#param(lengthIs)];
      }
      case "pointer":
        return [Number(type.pointer === "ref"), this.write(type.target)];
      case "interface":
        return [this.#interfaceId(type.resolve()), this.#param(type.iidIs)];
      default:
        return [];
    }
  }

  #param(name: string | undefined): number {
    return name === undefined ? NONE : this.#params.findIndex((p) => p.name === name);
  }
}
