import { type StructType, type Type, typeName } from "@callfactory/core";
import { arrayCodec } from "./array-codec.ts";
import { type Codec, type Lookup, liftFlat } from "./codec.ts";
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
import { type Member, structCodec } from "./struct-codec.ts";
import { BSTR_CODEC, LPWSTR_CODEC } from "./text-codec.ts";

/** Finds what a name in size_is, length_is or iid_is refers to; `null` when nothing bears it. */
export type Names = (name: string) => Lookup | null;

/** Descriptors nested deeper than this refer to themselves. */
const MAX_DEPTH = 64;

/** Where a type stands: behind a pointer or as a parameter, or inside a structure or an array. */
type Place = "outermost" | "embedded";

/** Compiles the codec of a parameter.
 *
 * @throws TypeError when NDR cannot express the type, or it is nested deeper than 64 levels.
 */
export function compileType(type: Type, names: Names): Codec {
  return compile(type, names, "outermost", 0);
}

function compile(type: Type, names: Names, place: Place, depth: number): Codec {
  if (depth > MAX_DEPTH) throw new TypeError(`types nested deeper than ${MAX_DEPTH} levels`);
  switch (type.kind) {
    case "int":
      return liftFlat(intCodec(type));
    case "hyper":
      return liftFlat(hyperCodec(type));
    case "float":
      return liftFlat(floatCodec(type));
    case "bool":
      return liftFlat(boolCodec(type));
    case "enum":
      return liftFlat(enumCodec(type));
    case "guid":
      return liftFlat(GUID_CODEC);
    case "string":
      return LPWSTR_CODEC;
    case "bstr":
      return BSTR_CODEC;
    case "interface":
      return interfaceCodec(type, resolve(type.iidIs, names, "an interface pointer"));
    case "pointer": {
      const target = compile(type.target, names, "outermost", depth + 1);
      if (type.pointer === "unique") return uniqueCodec(target);
      return place === "embedded" ? embeddedRefCodec(target) : target;
    }
    case "array":
      return arrayCodec({
        type,
        element: compile(type.element, names, "embedded", depth + 1),
        sizeIs: resolve(type.bound.sizeIs, names, typeName(type)),
        lengthIs: resolve(type.bound.lengthIs, names, typeName(type)),
      });
    case "struct":
      return compileStruct(type, names, depth);
  }
}

/** Members refer to each other first, then to the method's parameters. */
function compileStruct(type: StructType, names: Names, depth: number): Codec {
  let ownsExtents = false;
  const inner: Names = (name) => {
    if (!Object.hasOwn(type.fields, name)) return names(name);
    ownsExtents = true;
    return (scope) => scope.owner?.[name] ?? undefined;
  };
  const members: Member[] = Object.entries(type.fields).map(([name, field]) => ({
    name,
    codec: compile(field, inner, "embedded", depth + 1),
  }));
  return structCodec({ type, members, ownsExtents });
}

function resolve(name: string | undefined, names: Names, where: string): Lookup | null {
  if (name === undefined) return null;
  const lookup = names(name);
  if (lookup === null) throw new TypeError(`${where} refers to '${name}', which does not exist`);
  return lookup;
}
