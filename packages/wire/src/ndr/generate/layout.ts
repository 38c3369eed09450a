import {
  type BoolType,
  guidFromBytes,
  guidToBytes,
  type IntType,
  type PointerType,
  type StructType,
  type Type,
  typeName,
} from "@callfactory/core";
import {
  readBlob,
  readString,
  USER_MARSHAL_MARKER,
  writeBlob,
  writeString,
} from "../text-codec.ts";
import { type Emitter, key, property } from "./emitter.ts";

/** A place in a message: the name of the variable where the construct begins, and a distance. */
export interface Place {
  readonly base: string;
  readonly offset: number;
}

/** How a value is read: what stands in line, then what it points to, then the finished value. */
export interface Taken {
  readonly inline: string;
  readonly referents: string;
  readonly value: string;
}

/**
 * A type whose in-line part always has the same size, as source: the bytes at given distances from
 * where the outermost construct begins. Generated code knows `w` or `r`, the writer or reader, and
 * `v` and `raw`, its bytes.
 */
export interface Layout {
  readonly alignment: number;
  readonly sizeBytes: number;
  /** Bytes of padding within, which are zero. */
  readonly gaps: readonly number[];
  put(at: Place, value: string): string;
  readonly putReferents: ((value: string) => string) | null;
  take(at: Place): Taken;
}

/** Reads and writes what a pointer leads to, and knows what members are called while it does. */
export interface Targets {
  readonly emitter: Emitter;
  write(type: Type, value: string, owner: Owner | null): string;
  /** Statements that end by assigning to `into`. */
  read(type: Type, into: string, owner: Owner | null): string;
}

/** The structure around a construct: how source gets at a member; `null` for none of that name. */
export type Owner = (name: string) => string | null;

/** The layout of a type that `isKnown` knows. */
export function layoutOf(type: Type, targets: Targets): Layout {
  switch (type.kind) {
    case "int":
      return number(intName(type), type.sizeBytes);
    case "hyper":
      return number(type.signed ? "BigInt64" : "BigUint64", 8);
    case "float":
      return number(type.sizeBytes === 4 ? "Float32" : "Float64", type.sizeBytes);
    case "enum":
      return number(type.wireBytes === 2 ? "Int16" : "Int32", type.wireBytes);
    case "bool":
      return bool(type);
    case "guid":
      return guidLayout(targets.emitter);
    case "string":
      return text(targets.emitter);
    case "bstr":
      return bstr(targets.emitter);
    case "pointer":
      return uniquePointer(type, targets, null);
    case "struct":
      return structLayout(type, targets);
    default:
      throw new Error(`no source for ${typeName(type)}`);
  }
}

function intName({ sizeBytes, signed }: IntType): string {
  return `${signed ? "Int" : "Uint"}${sizeBytes * 8}`;
}

function where({ base, offset }: Place): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function scalar(sizeBytes: number, put: Layout["put"], get: (at: Place) => string): Layout {
  const take = (at: Place): Taken => ({ inline: "", referents: "", value: get(at) });
  return { alignment: sizeBytes, sizeBytes, gaps: [], put, putReferents: null, take };
}

/** A number of a DataView's kinds. */
function number(kind: string, sizeBytes: number): Layout {
  const order = sizeBytes === 1 ? "" : ", true";
  return scalar(
    sizeBytes,
    (at, value) => `v.set${kind}(${where(at)}, ${value}${order});`,
    (at) => `v.get${kind}(${where(at)}${order})`,
  );
}

function bool({ sizeBytes, trueBits }: BoolType): Layout {
  const bits = number(`Uint${sizeBytes * 8}`, sizeBytes);
  return scalar(
    sizeBytes,
    (at, value) => bits.put(at, `${value} === true ? ${trueBits} : 0`),
    (at) => `${bits.take(at).value} !== 0`,
  );
}

function guidLayout(emitter: Emitter): Layout {
  const toBytes = emitter.constant(guidToBytes);
  const fromBytes = emitter.constant(guidFromBytes);
  const layout = scalar(
    16,
    (at, value) => `${toBytes}(${value}, raw, ${where(at)});`,
    (at) => `${fromBytes}(raw, ${where(at)})`,
  );
  return { ...layout, alignment: 4 };
}

const uint32 = number("Uint32", 4);

/** A referent id, or 0 for `null`; what it refers to follows the construct (C706 14.3.12). */
function reference(
  putReferent: (value: string) => string,
  read: (present: string) => { readonly statements: string; readonly value: string },
  emitter: Emitter,
): Layout {
  return {
    alignment: 4,
    sizeBytes: 4,
    gaps: [],
    put: (at, value) => uint32.put(at, `${value} === null ? 0 : w.nextReferent()`),
    putReferents: (value) => `if (${value} !== null) { ${putReferent(value)} }`,
    take(at) {
      const present = emitter.local("p");
      const { statements, value } = read(present);
      const inline = `const ${present} = ${uint32.take(at).value} !== 0;`;
      return { inline, referents: statements, value };
    },
  };
}

function text(emitter: Emitter): Layout {
  const [write, read] = [emitter.constant(writeString), emitter.constant(readString)];
  return reference(
    (value) => `${write}(w, ${value});`,
    (present) => {
      const value = emitter.local("x");
      return { statements: `const ${value} = ${present} ? ${read}(r) : null;`, value };
    },
    emitter,
  );
}

/** The marker of [wire_marshal] stands for NULL too. */
function bstr(emitter: Emitter): Layout {
  const [write, read] = [emitter.constant(writeBlob), emitter.constant(readBlob)];
  const layout = reference(
    (value) => `${write}(w, ${value});`,
    (present) => {
      const value = emitter.local("x");
      return { statements: `const ${value} = ${present} ? ${read}(r) : null;`, value };
    },
    emitter,
  );
  return {
    ...layout,
    put: (at) => uint32.put(at, String(USER_MARSHAL_MARKER)),
    putReferents: (value) => `${write}(w, ${value});`,
  };
}

function uniquePointer(type: PointerType, targets: Targets, owner: Owner | null): Layout {
  const { emitter } = targets;
  return reference(
    (value) => targets.write(type.target, value, owner),
    (present) => {
      const value = emitter.local("x");
      const read = targets.read(type.target, value, owner);
      return { statements: `let ${value} = null; if (${present}) { ${read} }`, value };
    },
    emitter,
  );
}

interface PlacedMember {
  readonly name: string;
  readonly layout: Layout;
  readonly offset: number;
  /** Its size refers to its neighbours: built again when they have names in the source. */
  readonly withOwner: ((owner: Owner) => Layout) | null;
}

/** Members in order, each at its own alignment, no padding at the end (C706 14.3.6). */
function structLayout(type: StructType, targets: Targets): Layout {
  const { members, gaps } = placeMembers(type, targets);
  const last = members.at(-1) as PlacedMember;
  const hasReferents = members.some(({ layout }) => layout.putReferents !== null);
  const writeOwner =
    (value: string): Owner =>
    (name) =>
      Object.hasOwn(type.fields, name) ? property(value, name) : null;
  return {
    alignment: Math.max(...members.map(({ layout }) => layout.alignment)),
    sizeBytes: last.offset + last.layout.sizeBytes,
    gaps,
    put: (at, value) =>
      members
        .map(({ name, layout, offset }) =>
          layout.put({ base: at.base, offset: at.offset + offset }, property(value, name)),
        )
        .join("\n"),
    putReferents: hasReferents
      ? (value) =>
          members
            .map(({ name, layout, withOwner }) => {
              const final = withOwner === null ? layout : withOwner(writeOwner(value));
              return final.putReferents?.(property(value, name)) ?? "";
            })
            .join("\n")
      : null,
    take: (at) => takeStruct(members, at),
  };
}

function takeStruct(members: readonly PlacedMember[], at: Place): Taken {
  const taken = new Map<string, Taken>();
  const owner: Owner = (name) => taken.get(name)?.value ?? null;
  const take = ({ name, layout, offset, withOwner }: PlacedMember): void => {
    const final = withOwner === null ? layout : withOwner(owner);
    taken.set(name, final.take({ base: at.base, offset: at.offset + offset }));
  };
  // Sizes stand in line and are read before any array, whatever the order of the members.
  for (const member of members) if (member.withOwner === null) take(member);
  for (const member of members) if (member.withOwner !== null) take(member);
  const inOrder = members.map(({ name }) => ({ name, ...(taken.get(name) as Taken) }));
  return {
    inline: inOrder.map(({ inline }) => inline).join("\n"),
    referents: inOrder.map(({ referents }) => referents).join("\n"),
    value: `{ ${inOrder.map(({ name, value }) => `${key(name)}: ${value}`).join(", ")} }`,
  };
}

function placeMembers(
  type: StructType,
  targets: Targets,
): { readonly members: PlacedMember[]; readonly gaps: number[] } {
  const members: PlacedMember[] = [];
  const gaps: number[] = [];
  let end = 0;
  for (const [name, field] of Object.entries(type.fields)) {
    const layout = layoutOf(field, targets);
    const { alignment, sizeBytes, gaps: inner } = layout;
    const offset = (end + alignment - 1) & -alignment;
    for (let gap = end; gap < offset; gap++) gaps.push(gap);
    gaps.push(...inner.map((gap) => offset + gap));
    // What a pointer leads to may be sized by the other members.
    const withOwner =
      field.kind === "pointer" ? (owner: Owner) => uniquePointer(field, targets, owner) : null;
    members.push({ name, offset, layout, withOwner });
    end = offset + sizeBytes;
  }
  return { members, gaps };
}
