import type { Method, Param } from "./interface.ts";
import type { Type } from "./type.ts";

/** Replaces one interface pointer by another representation of it. */
export type PointerMap = (pointer: NonNullable<unknown>) => unknown;

/** Maps the interface pointers in the [in] and [in,out] values of a call; `args` itself when it has none. */
export function mapArgs(
  method: Method,
  args: readonly unknown[],
  map: PointerMap,
): readonly unknown[] {
  if (!method.hasInterfaces) return args;
  return method.ins.map((index, i) => mapValue((method.params[index] as Param).type, args[i], map));
}

/** Maps the interface pointers in the values of all [out] and [in,out] parameters. */
export function mapOuts(
  method: Method,
  outs: readonly unknown[],
  map: PointerMap,
): readonly unknown[] {
  if (!method.hasInterfaces) return outs;
  return method.outs.map((index, i) =>
    mapValue((method.params[index] as Param).type, outs[i], map),
  );
}

function mapValue(type: Type, value: unknown, map: PointerMap): unknown {
  if (value === null || value === undefined) return value;
  switch (type.kind) {
    case "interface":
      return map(value);
    case "pointer":
      return mapValue(type.target, value, map);
    case "array":
      return Array.isArray(value) ? value.map((e) => mapValue(type.element, e, map)) : value;
    case "struct": {
      const mapped: Record<string, unknown> = {};
      for (const [name, member] of Object.entries(type.fields)) {
        mapped[name] = mapValue(member, (value as Record<string, unknown>)[name], map);
      }
      return mapped;
    }
    default:
      return value;
  }
}
