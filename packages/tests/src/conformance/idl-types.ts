import assert from "node:assert/strict";
import { E_FAIL, E_INVALIDARG } from "callfactory";
import type { ConformanceTest } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { ofTypes } from "./idl-types-server.ts";

const TABLE = {
  count: 3,
  rows: [
    { name: "ab", count: 2, values: Int32Array.of(10, -1) },
    { name: null, count: 0, values: null },
    { name: "", count: 1, values: Int32Array.of(100) },
  ],
};

/** Who owns memory, and how much of it there is. */
export const idlTypes: readonly ConformanceTest[] = [
  ...ofTypes(
    "IDL-15",
    "a method allocates what it returns, and replaces what it was given",
    async (types) => {
      assert.equal(await types.ReplaceText("abc"), "cba");
      assert.equal(await types.ReplaceText(""), null);
      assert.equal(await types.ReplaceText(null), "new");
      const words = await types.SplitWords("one - three");
      assert.deepEqual(words, ["one", null, "three"]);
      assert.deepEqual(await types.SplitWords(""), []);
    },
  ),

  ...ofTypes("IDL-15", "structures own what their pointers lead to", async (types) => {
    const made = await types.MakeTable(3);
    const grown = await types.GrowTable(made);
    const first = await types.GrowTable({ count: 0, rows: null });

    assert.deepEqual(made, {
      count: 3,
      rows: [
        { name: "row 0", count: 0, values: null },
        { name: "row 1", count: 1, values: Int32Array.of(0) },
        { name: "row 2", count: 2, values: Int32Array.of(0, 1) },
      ],
    });
    assert.deepEqual(grown.rows?.[3], { name: "row 3", count: 3, values: Int32Array.of(0, 1, 2) });
    assert.deepEqual(first, { count: 1, rows: [{ name: "row 0", count: 0, values: null }] });
  }),

  ...ofTypes(
    "IDL-15",
    "interface pointers stay whose they are, wherever they stand",
    async (types, stage) => {
      const object = await types.ToggleObject(null);
      assert.ok(object !== null);
      stage.hold(object);
      const same = stage.hold(object.addRef());

      const distinct = await types.CountDistinct(5, [object, null, same, object, types]);
      const { first, second } = await types.SwapObjects({ first: object, second: null });
      const repeated = await types.Repeat(3);

      assert.equal(distinct, 2);
      assert.equal(first, null);
      assert.ok(second !== null && (await second.isSameObject(object)));
      assert.deepEqual([repeated[1], await types.ToggleObject(object)], [null, null]);
      for (const pointer of [second, ...repeated]) pointer?.release();
      assert.equal(await types.CountDistinct(0, []), 0);
    },
  ),

  ...ofTypes(
    "IDL-16",
    "a failed method leaves nothing behind, whatever it was given",
    async (types) => {
      const rest = [TABLE, types, "kept"] as const;

      await assertFails(types.FailWith(E_FAIL, ...rest), E_FAIL);
      await assertFails(types.CopyText("too long", 4), E_INVALIDARG);
      const { kept, text, made, other } = await types.FailWith(0, ...rest);

      assert.deepEqual([kept, text, made], ["replaced", "made", { count: 0, rows: null }]);
      assert.ok(other !== null && (await other.isSameObject(types)));
      other.release();
    },
  ),

  ...ofTypes("IDL-17", "an array is as large as parameters and members say", async (types) => {
    assert.equal(await types.SumTable(TABLE), 111n);
    assert.equal(await types.SumTable({ count: 0, rows: null }), 0n);
    const blob = { size: 5, data: Uint8Array.of(3, 1, 2, 0, 9) };
    assert.deepEqual(await types.ReverseBlob(blob), { size: 5, data: blob.data.slice().reverse() });
    assert.deepEqual(await types.SortBlob(blob), { size: 5, data: blob.data.slice().sort() });
    const none = { size: 0, data: new Uint8Array(0) };
    assert.deepEqual([await types.ReverseBlob(none), await types.SortBlob(none)], [none, none]);
    assert.equal(await types.JoinWords(3, ["a", null, "c"]), "a - c");
  }),

  ...ofTypes("IDL-17", "an array has several dimensions", async (types) => {
    const grid = [Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6)];

    const transposed = await types.Transpose(2, 3, grid);
    const scaled = await types.ScaleMatrix(-2, grid);

    assert.deepEqual(
      transposed,
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ].map((row) => Int32Array.from(row)),
    );
    assert.deepEqual(
      scaled,
      [
        [-2, -4, -6],
        [-8, -10, -12],
      ].map((row) => Int32Array.from(row)),
    );
    assert.deepEqual(await types.Transpose(0, 0, []), []);
  }),

  ...ofTypes("IDL-17", "a part of an array travels", async (types) => {
    const values = Int32Array.of(0, 0, 10, 20, 30);

    const raised = await types.RaiseWindow(8, 2, 3, values);

    // What stands before the window is nobody's.
    assert.deepEqual([raised.length, ...raised.subarray(2)], [5, 11, 21, 31]);
    assert.equal(await types.SumUpTo(3, 1, Int32Array.of(1, 2, 4, 8)), 3n);
    assert.equal(await types.SumUpTo(3, 3, Int32Array.of(1, 2, 4, 8)), 15n);
  }),
];
