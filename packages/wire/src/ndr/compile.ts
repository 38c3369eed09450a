import {
  type ArrayType,
  type Discriminant,
  type PointerType,
  resolved,
  type StructType,
  type Type,
  typeName,
  type UnionType,
} from "@callfactory/core";
import { automationCodec } from "../automation/automation-codec.ts";
import { arrayCodec } from "./array-codec.ts";
import { compileExtent, type Resolve } from "./array-extent.ts";
import { charsCodec } from "./chars-codec.ts";
import { type Codec, type FlatCodec, type Lookup, liftFlat } from "./codec.ts";
import { fullCodec } from "./full-pointer-codec.ts";
import { gridCodec } from "./grid-codec.ts";
import { interfaceCodec } from "./interface-codec.ts";
import { embeddedRefCodec, uniqueCodec } from "./pointer-codec.ts";
import {
  boolCodec,
  enumCodec,
  floatCodec,
  GUID_CODEC,
  hyperCodec,
  intCodec,
} from "./primitive-codec.ts";
import { type OpenCodec, recursionCodec } from "./recursion-codec.ts";
import { type Member, structCodec } from "./struct-codec.ts";
import { BSTR_CODEC, LPWSTR_CODEC } from "./text-codec.ts";
import { unionCodec } from "./union-codec.ts";

/** Finds what a name in size_is, length_is or iid_is refers to; `null` when nothing bears it. */
export type Names = (name: string) => Lookup | null;

/** Descriptors nested deeper than this are taken for a mistake. */
const MAX_DEPTH = 64;
/** So are those that take more codecs than this: types that contain each other in many ways. */
const MAX_CODECS = 20_000;

/** Where a type stands: behind a pointer or as a parameter, or inside a structure or an array. */
type Place = "outermost" | "embedded";

/** The compilation of one parameter. */
interface Compilation {
  /** The types around the one at hand; a pointer to one of them closes a circle. */
  readonly open: Map<Type, OpenCodec>;
  codecs: number;
  /** Some type was lazy, without which there are no circles. */
  isLazy: boolean;
}

/** Where in a descriptor a type stands. */
interface Position {
  readonly names: Names;
  /** The names of the method's parameters alone. */
  readonly parameters: Names;
  readonly place: Place;
  readonly depth: number;
  readonly compilation: Compilation;
}

/**
 * Compiles the codec of a parameter.
 *
 * @throws TypeError when NDR cannot express the type, it is nested deeper than 64 levels, or it
 *   contains itself other than behind a pointer.
 */
export function compileType(type: Type, names: Names): Codec {
  const compilation: Compilation = { open: new Map(), codecs: 0, isLazy: false };
  return compile(type, { names, parameters: names, place: "outermost", depth: 0, compilation });
}

function compile(type: Type, at: Position): Codec {
  if (at.depth > MAX_DEPTH) throw new TypeError(`types nested deeper than ${MAX_DEPTH} levels`);
  if (++at.compilation.codecs > MAX_CODECS) throw new TypeError("types that are too complex");
  switch (type.kind) {
    case "int":
    case "hyper":
    case "bool":
    case "enum":
      return liftFlat(integerCodec(type));
    case "float":
      return liftFlat(floatCodec(type));
    case "guid":
      return liftFlat(GUID_CODEC);
    case "string":
      return LPWSTR_CODEC;
    case "chars":
      return charsCodec(type, resolverOf(at, type)(type.bound.sizeIs));
    case "bstr":
      return BSTR_CODEC;
    case "interface":
      return interfaceCodec(type, resolverOf(at, type)(type.iidIs));
    case "pointer":
      return compilePointer(type, at);
    case "array":
      return enclosing(type, at, () => compileArray(type, at));
    case "struct":
      return enclosing(type, at, () => compileStruct(type, at));
    case "union":
      return enclosing(type, at, () => compileUnion(type, at));
    case "lazy":
      at.compilation.isLazy = true;
      return compile(resolved(type), at);
    case "variant":
    case "safearray":
    case "currency":
    case "decimal":
    case "date":
      return automationCodec(type);
  }
}

function integerCodec(type: Discriminant): FlatCodec {
  switch (type.kind) {
    case "int":
      return intCodec(type);
    case "hyper":
      return hyperCodec(type);
    case "bool":
      return boolCodec(type);
    case "enum":
      return enumCodec(type);
  }
}

function inside(at: Position, place: Place): Position {
  return { ...at, place, depth: at.depth + 1 };
}

/** Compiles a type that others may lead back to. */
function enclosing(type: Type, at: Position, work: () => Codec): Codec {
  const { open } = at.compilation;
  if (open.has(type)) throw new TypeError(`${typeName(type)} contains itself`);
  const entry: OpenCodec = { codec: null, depth: at.depth };
  open.set(type, entry);
  entry.codec = work();
  open.delete(type);
  return entry.codec;
}

function compilePointer({ pointer, target }: PointerType, at: Position): Codec {
  const type = resolved(target);
  const open = at.compilation.open.get(type);
  at.compilation.isLazy ||= target.kind === "lazy";
  if (open !== undefined && !at.compilation.isLazy) {
    throw new TypeError(`${typeName(type)} contains itself, but not by a lazy type`);
  }
  const codec =
    open === undefined
      ? compile(type, inside(at, "outermost"))
      : recursionCodec(open, at.depth + 1 - open.depth);
  if (pointer === "unique") return uniqueCodec(codec);
  if (pointer === "ptr") return fullCodec(codec, type);
  return at.place === "embedded" ? embeddedRefCodec(codec) : codec;
}

/** An array, together with those that are its further dimensions. */
function compileArray(type: ArrayType, at: Position): Codec {
  const dimensions = [type];
  for (let inner = type.element; isOpenArray(inner); inner = inner.element) dimensions.push(inner);
  const rows = dimensions.at(-1) as ArrayType;
  const element = compile(rows.element, inside(at, "embedded"));
  const extents = dimensions.map((one) => compileExtent(one, resolverOf(at, one)));
  const [extent] = extents;
  if (extent !== undefined && extents.length === 1) return arrayCodec({ type, element, extent });
  return gridCodec({ rows, element, extents });
}

/** Tells whether a type is a dimension, or holds one, whose counts travel: a fixed one is elements. */
function isOpenArray(type: Type): type is ArrayType {
  if (type.kind !== "array") return false;
  const { length, lengthIs, lastIs, firstIs } = type.bound;
  if (length === undefined || (lengthIs ?? lastIs ?? firstIs) !== undefined) return true;
  return isOpenArray(type.element);
}

/** Members refer to each other first, then to the method's parameters: never to outer structures. */
function compileStruct(type: StructType, at: Position): Codec {
  let ownsExtents = false;
  const names: Names = (name) => {
    if (!Object.hasOwn(type.fields, name)) return at.parameters(name);
    ownsExtents = true;
    return (scope) => scope.owner?.[name] ?? undefined;
  };
  const members: Member[] = Object.entries(type.fields).map(([name, field]) => ({
    name,
    codec: compile(field, { ...inside(at, "embedded"), names }),
  }));
  return structCodec({ type, members, ownsExtents });
}

function compileUnion(type: UnionType, at: Position): Codec {
  return unionCodec({
    type,
    discriminant: integerCodec(type.discriminant),
    arms: type.arms.map((a) => a.type && compile(a.type, inside(at, "embedded"))),
    switchIs: resolverOf(at, type)(type.switchIs),
  });
}

function resolverOf({ names }: Position, type: Type): Resolve {
  return (name) => {
    if (name === undefined) return null;
    const lookup = names(name);
    if (lookup !== null) return lookup;
    throw new TypeError(`${typeName(type)} refers to '${name}', which does not exist`);
  };
}
