import type { Point, Sample } from "./sample.ts";

// The bytes of SAMPLE as one would write them by hand, with nothing but a DataView. This is the
// floor for every codec: it knows the layout, checks only what NDR demands, and allocates nothing
// but the values.

/** Writes a sample at the start of `view` and returns the bytes used. */
export function writeByHand(view: DataView, sample: Sample): number {
  const { name, values, nested, next, count } = sample;
  view.setInt32(0, sample.id, true);
  view.setInt32(4, sample.kind, true);
  view.setUint32(8, 0x20000, true);
  view.setUint32(12, count, true);
  view.setUint32(16, 0x20004, true);
  view.setUint32(20, 0, true);
  view.setInt32(24, nested.index, true);
  view.setUint32(28, 0, true);
  view.setFloat64(32, nested.weight, true);
  view.setUint32(40, next === null ? 0 : 0x20008, true);
  const units = name.length + 1;
  view.setUint32(44, units, true);
  view.setUint32(48, 0, true);
  view.setUint32(52, units, true);
  let at = 56;
  for (let i = 0; i < name.length; i++, at += 2) view.setUint16(at, name.charCodeAt(i), true);
  view.setUint16(at, 0, true);
  at = (at + 5) & -4;
  view.setUint32(at, count, true);
  at = (at + 11) & -8;
  for (let i = 0; i < count; i++, at += 8) view.setFloat64(at, values[i] as number, true);
  if (next === null) return at;
  view.setInt32(at, next.index, true);
  view.setUint32(at + 4, 0, true);
  view.setFloat64(at + 8, next.weight, true);
  return at + 16;
}

/** Reads what {@link writeByHand} wrote. */
export function readByHand(view: DataView): Sample {
  const id = view.getInt32(0, true);
  const kind = view.getInt32(4, true);
  const count = view.getUint32(12, true);
  const nested: Point = { index: view.getInt32(24, true), weight: view.getFloat64(32, true) };
  const hasNext = view.getUint32(40, true) !== 0;
  const units = view.getUint32(52, true) - 1;
  let name = "";
  let at = 56;
  for (let i = 0; i < units; i++, at += 2) name += String.fromCharCode(view.getUint16(at, true));
  at = (at + 5) & -4;
  if (view.getUint32(at, true) !== count) throw new RangeError("count");
  at = (at + 11) & -8;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++, at += 8) values[i] = view.getFloat64(at, true);
  const next = hasNext
    ? { index: view.getInt32(at, true), weight: view.getFloat64(at + 8, true) }
    : null;
  return { id, kind, name, count, values, nested, next };
}
