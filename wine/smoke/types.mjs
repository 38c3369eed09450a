// Values of every shape, right and wrong ones, in great numbers: what is allocated is freed.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  defineInterface,
  E_FAIL,
  IUnknown,
  LONG,
  LONGLONG,
  method,
  param,
  RPC_E_CLIENT_CANTUNMARSHAL_DATA,
  S_OK,
  stringOf,
  struct,
  WCHAR,
} from "@callfactory/core";
import { CLSID_Types, ITypes } from "@callfactory/tests/dist/fixtures/types-page.js";
import { methodOf, withApartment } from "./fixture.mjs";

const CALLS = 100_000;

/** The C++ server's own: what is alive of the task allocator's memory. */
const ITaskMemory = defineInterface({
  name: "ITaskMemory",
  iid: "3b8f6d52-90c4-4b58-8a7e-6f2f0d6f1c9a",
  base: IUnknown,
  methods: [method("Watch", []), method("CountBlocks", [param.out("blocks", LONGLONG)])],
});

const TABLE = {
  count: 2,
  rows: [
    { name: "ab", count: 2, values: Int32Array.of(10, -1) },
    { name: null, count: 0, values: null },
  ],
};
const BLOB = { size: 3, data: Uint8Array.of(2, 1, 0) };
const RING = { value: 1, next: /** @type {any} */ (null), other: null };
RING.next = { value: 2, next: RING, other: RING };
const LIST = { value: 1, next: { value: 2, next: null, other: null }, other: null };

/** Calls that succeed, and calls that fail; `self` stands for the object. @type {[string, unknown[]][]} */
const RIGHT = [
  ["JoinTexts", ["wide", "narrow", null]],
  ["ReplaceText", ["abc"]],
  ["ReplaceText", [""]],
  ["CopyText", ["abc", 10]],
  ["CopyText", ["too long", 3]],
  ["EditText", [9, "hey"]],
  ["MirrorNamed", [{ name: "name", code: "abc", marks: Int32Array.of(1, 2, 3) }]],
  ["JoinWords", [2, ["a", null]]],
  ["SplitWords", ["one - three"]],
  ["SumTable", [TABLE]],
  ["MakeTable", [4]],
  ["GrowTable", [TABLE]],
  ["ReverseBlob", [BLOB]],
  ["SortBlob", [BLOB]],
  ["ConvertTagged", [{ tag: 2, value: "text" }]],
  ["ConvertTagged", [{ tag: 1, value: 7 }]],
  ["ConvertValue", [2, { tag: 2, value: "text" }]],
  ["ConvertChoice", [{ kind: 2, value: { tag: 2, value: "text" } }]],
  ["ConvertChoice", [{ kind: 1, value: { tag: 1, value: 7 } }]],
  ["Transpose", [1, 2, [Int32Array.of(1, 2)]]],
  ["RaiseWindow", [4, 1, 2, Int32Array.of(0, 1, 2)]],
  ["SumNodes", [RING]],
  ["MakeRing", [3]],
  ["ReverseNodes", [LIST]],
  ["MakeLinks", [20]],
  ["MakeLinks", [2000]],
  ["FailWith", [E_FAIL, TABLE, "self", "kept"]],
  ["FailWith", [S_OK, TABLE, "self", "kept"]],
  ["Repeat", [3]],
  ["SwapObjects", [{ first: "self", second: null }]],
];

/** What the addon refuses by itself, whoever has checked before. @type {[string, unknown[]][]} */
const WRONG = [
  ["JoinTexts", [null, null, null]],
  ["JoinTexts", ["a\0b", null, null]],
  ["JoinTexts", ["a", "\u20ac", null]],
  ["JoinTexts", ["a", "b", 1]],
  ["CopyText", ["abc", -1]],
  ["EditText", [3, "abc"]],
  ["EditText", [3, null]],
  ["MirrorNamed", [{ name: "12345678", code: "", marks: new Int32Array(3) }]],
  ["MirrorNamed", [{ name: "", code: "", marks: new Int32Array(2) }]],
  ["MirrorNamed", [{ name: "", code: "", marks: new Int16Array(3) }]],
  ["JoinWords", [3, ["a", null]]],
  ["JoinWords", [1, [1]]],
  ["SumTable", [{ count: 3, rows: TABLE.rows }]],
  ["SumTable", [{ count: 1, rows: [{ name: null, count: 5, values: Int32Array.of(1) }] }]],
  ["SumTable", [{ count: 2 ** 32 - 1, rows: [] }]],
  ["SumTable", [null]],
  ["GrowTable", [{ count: 1 }]],
  ["ReverseBlob", [{ size: 4, data: BLOB.data }]],
  ["ReverseBlob", [{ size: -1, data: BLOB.data }]],
  ["SortBlob", [{ size: 2 ** 31, data: BLOB.data }]],
  ["ConvertTagged", [{ tag: 1, value: "text" }]],
  ["ConvertTagged", [{ tag: "1", value: 1 }]],
  ["ConvertValue", [1, { tag: 2, value: "text" }]],
  ["ConvertValue", [9, { tag: 9 }]],
  ["ConvertChoice", [{ kind: 2, value: { tag: 3, value: { a: 1, b: 2 } } }]],
  ["Transpose", [2, 2, [Int32Array.of(1, 2), Int32Array.of(1)]]],
  ["Transpose", [0xffff_ffff, 0xffff_ffff, []]],
  ["ScaleMatrix", [1, [new Int32Array(3)]]],
  ["RaiseWindow", [4, 3, 2, new Int32Array(5)]],
  ["SumUpTo", [1, 2, new Int32Array(5)]],
  ["SumNodes", [{ value: 1, next: 7, other: null }]],
  ["CountLinks", [nested(1300)]],
  ["CountLinks", [roundUnique()]],
  ["CountDistinct", [1, [{}]]],
  ["FailWith", [E_FAIL, TABLE, "self", 1]],
  ["FailWith", [E_FAIL, { count: 1, rows: [{}] }, "self", "kept"]],
];

/** @param {number} length */
function nested(length) {
  let head = null;
  for (let value = 0; value < length; value++) head = { value, next: head };
  return head;
}

/** What only a full pointer can express. */
function roundUnique() {
  const link = { value: 1, next: /** @type {unknown} */ (null) };
  link.next = link;
  return link;
}

/** @param {unknown} value @param {unknown} self @returns {unknown} */
function filledIn(value, self) {
  if (value === "self") return self;
  if (typeof value !== "object" || value === null || !("first" in value)) return value;
  return { ...value, first: filledIn(value.first, self) };
}

/** Releases every interface pointer in a result. @param {unknown} value */
function releaseAll(value) {
  const list = Array.isArray(value) ? value : Object.values(value ?? {});
  for (const each of list) each?.release?.();
}

/** @param {any} object @param {string} name @param {unknown[]} args */
function invoke(object, name, args) {
  const values = args.map((value) => filledIn(value, object));
  return object.invoke(methodOf(ITypes, name), values);
}

void test("100,000 calls of every shape leave nothing behind, failed and refused ones neither", () =>
  withApartment("mta", async ({ create, backend }) => {
    const types = await create(CLSID_Types, ITypes);
    const memory = await types.queryInterface(ITaskMemory);
    const count = async () => (await memory.invoke(methodOf(ITaskMemory, "CountBlocks"), [])).value;
    assert.equal((await memory.invoke(methodOf(ITaskMemory, "Watch"), [])).hr, S_OK);
    const round = async () => {
      const calls = RIGHT.map(([name, args]) => invoke(types, name, args));
      for (const [name, args] of WRONG) {
        await assert.rejects(invoke(types, name, args), TypeError, `${name} ${String(args)}`);
      }
      for (const { value } of await Promise.all(calls)) releaseAll(value);
    };
    await round();
    const before = await count();

    for (let calls = 0; calls < CALLS; calls += RIGHT.length + WRONG.length) await round();

    assert.equal(await count(), before);
    assert.equal(backend.counters().buffers, 0);
    memory.release();
  }));

void test("what comes back nested too deep, or with no arm for its tag, is no result", () =>
  withApartment("mta", async ({ create, backend }) => {
    const types = await create(CLSID_Types, ITypes);

    const { hr } = await invoke(types, "MakeLinks", [2000]);
    const long = await invoke(types, "MakeLinks", [1000]);

    assert.equal(hr, RPC_E_CLIENT_CANTUNMARSHAL_DATA);
    assert.equal(long.hr, S_OK);
    assert.equal(backend.counters().buffers, 0);
  }));

void test("a getter cannot make an array larger than its memory", () =>
  withApartment("mta", async ({ create }) => {
    const types = await create(CLSID_Types, ITypes);
    let reads = 0;
    const blob = {
      get size() {
        return ++reads === 1 ? 2 : 1_000_000;
      },
      data: Uint8Array.of(2, 1, 0),
    };

    const { value } = await invoke(types, "SortBlob", [blob]);

    assert.equal(reads, 1);
    assert.deepEqual(value, { size: 2, data: Uint8Array.of(1, 2) });
  }));

void test("a method that cannot be laid out says so before it is called", () =>
  withApartment("mta", async ({ create }) => {
    const types = await create(CLSID_Types, ITypes);
    const tail = { count: LONG, values: array(LONG, { sizeIs: "count" }) };
    /** @type {[string, import("@callfactory/core").Param[]][]} */
    const impossible = [
      ["OutText", [param.out("text", stringOf(WCHAR))]],
      ["OutOpen", [param.out("value", struct("OPEN", tail))]],
      ["OpenFirst", [param.in("value", struct("MIXED", { ...tail, after: LONG }))]],
      ["OpenElements", [param.in("values", array(struct("OPEN", tail), { length: 2 }))]],
      ["NoSize", [param.in("values", array(LONG, {}))]],
    ];
    for (const [name, params] of impossible) {
      const iface = defineInterface({
        name: "IImpossible",
        iid: ITypes.iid,
        base: IUnknown,
        methods: [method(name, params)],
      });
      const ins = params.filter((p) => p.direction !== "out").map(() => ({}));
      const called = types.invoke(methodOf(iface, name), ins);
      await assert.rejects(called, { message: "not a method that can be called" }, name);
    }
  }));
