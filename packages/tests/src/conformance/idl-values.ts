import assert from "node:assert/strict";
import { E_INVALIDARG } from "callfactory";
import type { Node } from "../fixtures/types-page.ts";
import type { ConformanceTest } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { ofTypes } from "./idl-types-server.ts";

/** Nodes with these values, the last one leading to `end`. */
function listOf(values: readonly number[], end: Node | null = null): Node | null {
  return values.reduceRight<Node | null>((next, value) => ({ value, next, other: null }), end);
}

function valuesOf(head: Node | null): number[] {
  const values = [];
  for (let node = head; node !== null; node = node.next) values.push(node.value);
  return values;
}

/** What a parameter can look like. */
export const idlValues: readonly ConformanceTest[] = [
  ...ofTypes("IDL-18", "a union may come back with another arm", async (types) => {
    const cases = [
      [
        { tag: 1, value: -42 },
        { tag: 2, value: "-42" },
      ],
      [
        { tag: 2, value: "four" },
        { tag: 1, value: 4 },
      ],
      [
        { tag: 2, value: null },
        { tag: 1, value: -1 },
      ],
      [
        { tag: 3, value: { a: 1, b: 2 } },
        { tag: 3, value: { a: 2, b: 1 } },
      ],
      [
        { tag: 4, value: undefined },
        { tag: 4, value: undefined },
      ],
    ] as const;
    for (const [value, converted] of cases) {
      assert.deepEqual(await types.ConvertTagged(value), converted);
      const { tag: kind } = value;
      const { newKind, converted: other } = await types.ConvertValue(kind, value);
      assert.deepEqual([newKind, other], [converted.tag, converted]);
      const choice = await types.ConvertChoice({ kind, value });
      assert.deepEqual(choice, { kind: converted.tag, value: converted });
    }
    assert.deepEqual(await types.ConvertTagged({ tag: 77, value: 1.5 }), { tag: 77, value: 3 });
  }),

  ...ofTypes("IDL-19", "full pointers meet, and lead round in circles", async (types) => {
    const ring = listOf([1, 2, 3]);
    assert.ok(ring?.next?.next);
    ring.next.next.next = ring;

    const { count, sum } = await types.SumNodes(ring);
    const made = await types.MakeRing(3);

    assert.deepEqual({ count, sum }, { count: 3, sum: 6 });
    assert.ok(made?.next?.next);
    assert.equal(made.next.next.next, made);
    assert.deepEqual([made.other, made.next.other, made.next.next.other], [made, made, made]);
    assert.deepEqual([made.value, made.next.value, made.next.next.value], [0, 1, 2]);
    assert.equal(await types.MakeRing(0), null);
  }),

  ...ofTypes(
    "IDL-19",
    "full pointers that are equal on one side are equal on the other",
    async (types) => {
      const node = listOf([1]);
      const shared = listOf([5]);
      const list = listOf([1, 2, 3]);
      assert.ok(list?.next);
      [list.other, list.next.other] = [shared, shared];

      const same = await types.IsSameNode(node, node);
      const other = await types.IsSameNode(node, listOf([1]));
      const reversed = await types.ReverseNodes(list);

      assert.deepEqual([same, other, await types.IsSameNode(null, null)], [true, false, true]);
      assert.deepEqual(valuesOf(reversed), [3, 2, 1]);
      assert.equal(reversed?.next?.other, reversed?.next?.next?.other);
      assert.equal(await types.ReverseNodes(null), null);
    },
  ),

  ...ofTypes("IDL-19", "a list of unique pointers is as long as it is", async (types) => {
    const made = await types.MakeLinks(300);

    assert.equal(made?.value, 299);
    assert.equal(await types.CountLinks(made), 300);
    assert.equal(await types.CountLinks(null), 0);
  }),

  ...ofTypes("IDL-20", "text ends at its NUL, behind pointers and in place", async (types) => {
    const named = { name: "wörld ☃", code: "äbc", marks: Int32Array.of(1, -2, 3) };

    assert.equal(await types.JoinTexts("wide ☃", "närrow", "b\u00ff"), "wide ☃|närrow|b\u00ff");
    assert.equal(await types.JoinTexts("", null, null), "|-|-");
    assert.deepEqual(await types.MirrorNamed(named), {
      name: "☃ dlröw",
      code: "cbä",
      marks: Int32Array.of(3, -2, 1),
    });
    const none = { name: "", code: "", marks: new Int32Array(3) };
    assert.deepEqual(await types.MirrorNamed(none), none);
  }),

  ...ofTypes("IDL-20", "a buffer of the caller's has room for the NUL as well", async (types) => {
    assert.equal(await types.CopyText("abc", 4), "abc");
    assert.equal(await types.CopyText("abc", 100), "abc");
    await assertFails(types.CopyText("abc", 3), E_INVALIDARG);
    assert.equal(await types.EditText(10, "hey"), "HEY!");
    assert.equal(await types.EditText(4, "hey"), "HEY");
    await assert.rejects(types.EditText(3, "hey"), RangeError);
  }),

  ...ofTypes("IDL-21", "structures and numbers of any size pass by value", async (types) => {
    const sum = await types.SumByValue(
      { a: 200 },
      { a: 0.5 },
      { a: 0.25 },
      { a: 1, b: 2, c: 255 },
      { a: -1000, b: 3 },
      { a: -5 },
      { a: 2n ** 40n, b: -(2n ** 33n) },
    );
    const mirrored = await types.Mirror(30_000, 2n ** 64n - 1n, true, -7);

    assert.equal(sum, 200.75 + 258 - 997 - 5 + 2 ** 40 - 2 ** 33);
    assert.deepEqual(mirrored, {
      sameColor: 30_000,
      sameWide: 2n ** 64n - 1n,
      opposite: false,
      negative: 7,
    });
  }),

  ...ofTypes("IDL-21", "a method has as many as 32 parameters", async (types) => {
    const args = Array.from({ length: 31 }, (_, i) => (i === 15 ? BigInt(2 ** 40) : i + 1));
    const weighted = args.map((value, i) => Number(value) * (i + 1));

    const sum = await types.SumMany(...(args as unknown as Parameters<typeof types.SumMany>));

    assert.equal(
      sum,
      weighted.reduce((all, value) => all + value, 0),
    );
  }),

  ...ofTypes("IDL-22", "every number that a method returns is its result", async (types) => {
    assert.equal(await types.CountBits(0b1011), 3);
    assert.equal(await types.CountBits(0), 0);
    assert.equal(await types.CountBits(0xffff_ffff), 0xffff_ffff);
    assert.equal(await types.Keep(-42), undefined);
    assert.equal(await types.Kept(), -42);
  }),
];
