import { mapElements, mapVariant } from "./automation-map.ts";
import { vtOfType } from "./automation-vt-type.ts";
import type { Method, Param } from "./interface.ts";
import { SharedTargets } from "./shared-targets.ts";
import { resolved, type Type } from "./type.ts";
import { armOf } from "./union.ts";

/** Replaces one interface pointer by another representation of it. */
export type PointerMap = (pointer: NonNullable<unknown>) => unknown;

/** Maps the interface pointers in the [in] and [in,out] values of a call; `args` itself when it has none. */
export function mapArgs(
  method: Method,
  args: readonly unknown[],
  map: PointerMap,
): readonly unknown[] {
  if (!method.hasInterfaces) return args;
  return mapEach(method, method.ins, args, map);
}

/** Maps the interface pointers in the values of all [out] and [in,out] parameters. */
export function mapOuts(
  method: Method,
  outs: readonly unknown[],
  map: PointerMap,
): readonly unknown[] {
  if (!method.hasInterfaces) return outs;
  return mapEach(method, method.outs, outs, map);
}

function mapEach(
  method: Method,
  indices: readonly number[],
  values: readonly unknown[],
  map: PointerMap,
): readonly unknown[] {
  const mapping: Mapping = { map, shared: new SharedTargets() };
  return indices.map((index, i) =>
    mapValue((method.params[index] as Param).type, values[i], mapping),
  );
}

interface Mapping {
  readonly map: PointerMap;
  readonly shared: SharedTargets;
}

function mapValue(type: Type, value: unknown, mapping: Mapping): unknown {
  if (value === null || value === undefined) return value;
  switch (type.kind) {
    case "interface":
      return mapping.map(value);
    case "variant":
      return mapVariant(value, mapping.map);
    case "safearray":
      return mapElements(vtOfType(type.element) as number, value, mapping.map);
    case "lazy":
      return mapValue(type.resolve(), value, mapping);
    case "pointer": {
      const target = resolved(type.target);
      if (type.pointer !== "ptr") return mapValue(target, value, mapping);
      // What two pointers share holds one reference, not two.
      return mapping.shared.follow(target, value, () => mapValue(target, value, mapping));
    }
    case "array":
      return Array.isArray(value) ? mapArray(type.element, value, mapping) : value;
    case "struct": {
      const mapped: Record<string, unknown> = {};
      mapping.shared.made(mapped);
      for (const [name, member] of Object.entries(type.fields)) {
        mapped[name] = mapValue(member, (value as Record<string, unknown>)[name], mapping);
      }
      return mapped;
    }
    case "union": {
      const { tag, value: inner } = value as { tag: unknown; value: unknown };
      const mapped: { tag: unknown; value: unknown } = { tag, value: undefined };
      mapping.shared.made(mapped);
      const arm = armOf(type, tag);
      mapped.value = arm?.type ? mapValue(arm.type, inner, mapping) : inner;
      return mapped;
    }
    default:
      return value;
  }
}

function mapArray(element: Type, values: readonly unknown[], mapping: Mapping): unknown[] {
  const mapped: unknown[] = [];
  mapping.shared.made(mapped);
  for (const value of values) mapped.push(mapValue(element, value, mapping));
  return mapped;
}
