import {
  type ArrayBound,
  type Interface,
  type Label,
  type Param,
  type PointerKind,
  resolved,
  type StructType,
  type Type,
  typeName,
  type UnionType,
} from "@callfactory/core";

// The numbers of type_node.h.
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
  union: 12,
  chars: 13,
};
const POINTERS: Readonly<Record<PointerKind, number>> = { unique: 0, ref: 1, ptr: 2 };
const NONE = -1;
const FIRST_MEMBER = 64;

/** A pointer whose target is not written yet. */
interface Pending {
  /** Where its number goes. */
  readonly place: number;
  readonly target: Type;
  readonly owner: StructType | null;
}

/**
 * Writes the types of one method, each after those that it consists of, and once. What pointers
 * lead to comes last: behind them a type may contain itself.
 */
export class TypeWriter {
  readonly words: number[] = [];
  readonly fieldNames: string[] = [];
  /** Parameters that some extent, union or interface pointer refers to. */
  readonly named = new Set<string>();
  count = 0;
  readonly #params: readonly Param[];
  readonly #interfaceId: (iface: Interface) => number;
  /** Numbers of types, by the structure whose members they refer to. */
  readonly #known = new Map<StructType | null, Map<Type, number>>();
  readonly #open = new Set<Type>();
  readonly #pending: Pending[] = [];

  constructor(params: readonly Param[], interfaceId: (iface: Interface) => number) {
    this.#params = params;
    this.#interfaceId = interfaceId;
  }

  /**
   * Returns the number of a parameter's type.
   *
   * @throws TypeError when the addon cannot express the type, it contains itself other than behind
   *   a pointer, or it refers to a name that does not exist.
   */
  write(type: Type): number {
    return this.#write(type, null);
  }

  /** Writes what pointers lead to; after the last parameter. */
  finish(): void {
    for (const { place, target, owner } of this.#pending) {
      this.words[place] = this.#write(target, owner);
    }
    this.#pending.length = 0;
  }

  #write(given: Type, owner: StructType | null): number {
    const type = resolved(given);
    // A structure's members refer to each other, wherever it stands.
    const scope = type.kind === "struct" ? null : owner;
    const known = this.#known.get(scope) ?? new Map<Type, number>();
    this.#known.set(scope, known);
    const written = known.get(type);
    if (written !== undefined) return written;
    if (this.#open.has(type)) throw new TypeError(`${typeName(type)} contains itself`);
    const kind = KINDS[type.kind];
    if (kind === undefined) throw new TypeError(`the addon knows no ${type.kind} types`);
    this.#open.add(type);
    const own = this.#ownWords(type, owner);
    this.#open.delete(type);
    this.words.push(kind, ...own);
    if (type.kind === "pointer") {
      this.#pending.push({ place: this.words.length - 1, target: type.target, owner });
    }
    known.set(type, this.count);
    return this.count++;
  }

  #ownWords(type: Type, owner: StructType | null): number[] {
    switch (type.kind) {
      case "int":
        return [type.sizeBytes, Number(type.signed)];
      case "hyper":
        return [Number(type.signed)];
      case "float":
        return [type.sizeBytes];
      case "bool":
        return [type.sizeBytes, type.trueBits];
      case "struct":
        return this.#structWords(type);
      case "union":
        return this.#unionWords(type, owner);
      case "array": {
        const element = this.#write(type.element, owner);
        return [element, ...this.#boundWords(type.bound, type, owner)];
      }
      case "chars":
        return [type.unitBytes, ...this.#boundWords(type.bound, type, owner)];
      case "pointer":
        return [POINTERS[type.pointer], NONE];
      case "interface":
        return [this.#interfaceId(type.resolve()), this.#name(type.iidIs, type, owner)];
      default:
        return [];
    }
  }

  #structWords(type: StructType): number[] {
    const named = namesWithin(type);
    const members = Object.entries(type.fields).map(([name, member]) => [
      this.fieldNames.push(name) - 1,
      this.#write(member, type),
      Number(named.has(name)),
    ]);
    return [members.length, ...members.flat()];
  }

  #unionWords(type: UnionType, owner: StructType | null): number[] {
    const discriminant = this.#write(type.discriminant, owner);
    const arms = type.arms.map((a) => [
      a.type === null ? NONE : this.#write(a.type, owner),
      a.labels.length,
      ...a.labels.flatMap(wideWords),
    ]);
    return [discriminant, this.#name(type.switchIs, type, owner), arms.length, ...arms.flat()];
  }

  #boundWords(bound: ArrayBound, type: Type, owner: StructType | null): number[] {
    const { length, sizeIs, maxIs, lengthIs, lastIs, firstIs } = bound;
    return [
      length ?? NONE,
      this.#name(sizeIs ?? maxIs, type, owner),
      Number(sizeIs === undefined && maxIs !== undefined),
      this.#name(lengthIs ?? lastIs, type, owner),
      Number(lengthIs === undefined && lastIs !== undefined),
      this.#name(firstIs, type, owner),
    ];
  }

  /** A name means a member of the structure around it, or else a parameter. */
  #name(name: string | undefined, type: Type, owner: StructType | null): number {
    if (name === undefined) return NONE;
    const member = owner === null ? -1 : Object.keys(owner.fields).indexOf(name);
    if (member >= 0) return FIRST_MEMBER + member;
    const place = this.#params.findIndex((p) => p.name === name);
    if (place < 0) {
      throw new TypeError(`${typeName(type)} refers to '${name}', which does not exist`);
    }
    this.named.add(name);
    return place;
  }
}

/** The names that types within a structure refer to, those of structures within it left out. */
function namesWithin(type: StructType): ReadonlySet<string> {
  const names = new Set<string | undefined>();
  const seen = new Set<Type>();
  const visit = (given: Type): void => {
    const found = resolved(given);
    if (seen.has(found)) return;
    seen.add(found);
    switch (found.kind) {
      case "pointer":
        return visit(found.target);
      case "array":
        for (const name of Object.values(found.bound)) {
          if (typeof name === "string") names.add(name);
        }
        return visit(found.element);
      case "chars":
        names.add(found.bound.sizeIs);
        return;
      case "union":
        names.add(found.switchIs);
        for (const a of found.arms) if (a.type !== null) visit(a.type);
        return;
      case "interface":
        names.add(found.iidIs);
        return;
      default:
    }
  };
  for (const member of Object.values(type.fields)) visit(member);
  names.delete(undefined);
  return names as ReadonlySet<string>;
}

/** The 64 bits of a label, the lower half first. */
function wideWords(label: Label): [low: number, high: number] {
  const bits = BigInt.asUintN(64, BigInt(label));
  return [Number(bits & 0xffff_ffffn) | 0, Number(bits >> 32n) | 0];
}
