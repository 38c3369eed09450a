import {
  arm,
  array,
  BOOLEAN,
  BYTE,
  CURRENCY,
  defaultArm,
  GUID,
  IUnknown,
  LONG,
  LONGLONG,
  lazy,
  param,
  pointerByIid,
  ptr,
  stringOf,
  struct,
  switchIs,
  type Type,
  ULONG,
  union,
  unique,
  WCHAR,
} from "@callfactory/core";
import { describe, expect, it } from "vitest";
import { TypeWriter } from "../src/type-words.ts";

/** The words of `type` among parameters `n` and `iid`, and the names that it refers to. */
function written(type: Type): { words: number[]; named: string[]; count: number } {
  const writer = new TypeWriter([param.in("n", ULONG), param.in("iid", GUID)], () => 7);
  writer.write(type);
  writer.finish();
  return { words: writer.words, named: [...writer.named], count: writer.count };
}

const BYTE_WORDS = [0, 1, 0];
const LONG_WORDS = [0, 4, 1];

describe("TypeWriter", () => {
  it("writes characters with their unit and their bound", () => {
    expect(written(stringOf(WCHAR, { length: 8 })).words).toEqual([13, 2, 8, -1, 0, -1, 0, -1]);
    expect(written(stringOf(BYTE, { sizeIs: "n" })).words).toEqual([13, 1, -1, 0, 0, -1, 0, -1]);
  });

  it("writes max_is and last_is as the last index, and first_is", () => {
    const { words, named } = written(array(BYTE, { maxIs: "n", lastIs: "n", firstIs: "n" }));

    expect(words).toEqual([...BYTE_WORDS, 9, 0, -1, 0, 1, 0, 1, 0]);
    expect(named).toEqual(["n"]);
  });

  it("writes a union's arms with their labels, in 64 bits", () => {
    const type = union("U", LONGLONG, [arm([-1n, 2n ** 40n], LONG), arm(5n), defaultArm(BYTE)]);

    expect(written(type).words).toEqual([
      ...[1, 1],
      ...LONG_WORDS,
      ...BYTE_WORDS,
      ...[12, 0, -1, 3],
      ...[1, 2, -1, -1, 0, 256],
      ...[-1, 1, 5, 0],
      ...[2, 0],
    ]);
  });

  it("looks names up among the members around the type, then among the parameters", () => {
    const type = struct("S", {
      truth: BOOLEAN,
      count: ULONG,
      own: switchIs(union("U", BOOLEAN, [arm(true)]), "truth"),
      values: unique(array(BYTE, { sizeIs: "count" })),
      rest: unique(array(BYTE, { sizeIs: "n" })),
    });

    const { words, named } = written(type);

    expect(words.join()).toContain([12, 0, 64, 1, -1, 1, 1, 0].join());
    expect(words.join()).toContain([9, 6, -1, 65, 0, -1, 0, -1].join());
    expect(words.join()).toContain([9, 6, -1, 0, 0, -1, 0, -1].join());
    // Name, type, and whether another member refers to it.
    expect(words.join()).toContain([8, 5, 0, 0, 1, 1, 1, 1, 2, 2, 0, 3, 3, 0, 4, 4, 0].join());
    expect(named).toEqual(["n"]);
  });

  it("writes a type that contains itself once", () => {
    const node: Type = struct("NODE", { next: ptr(lazy((): Type => node)), value: LONG });

    const { words, count } = written(unique(node));

    expect(count).toBe(4);
    expect(words).toEqual([10, 0, 3, 10, 2, 3, ...LONG_WORDS, 8, 2, 0, 1, 0, 1, 2, 0]);
  });

  it("refers to the IID that is a member, or a parameter", () => {
    const pointer = pointerByIid(IUnknown, "iid");

    expect(written(pointer)).toEqual({ words: [11, 7, 1], named: ["iid"], count: 1 });
    expect(written(struct("S", { iid: GUID, pointer })).words.slice(0, 4)).toEqual([4, 11, 7, 64]);
  });

  it("refuses names that do not exist, types without end, and types that it does not know", () => {
    const inside: Type = struct("INSIDE", { self: lazy((): Type => inside) });

    expect(() => written(array(BYTE, { sizeIs: "m" }))).toThrow(/'m', which does not exist/);
    expect(() => written(inside)).toThrow(/INSIDE contains itself/);
    expect(() => written(CURRENCY)).toThrow(TypeError);
  });
});
