// Shapes that no server of the tests has, for what lays them out and frees them.

import {
  arm,
  array,
  BOOLEAN,
  BSTR,
  BYTE,
  CHAR,
  DOUBLE,
  defaultArm,
  defineInterface,
  GUID,
  IUnknown,
  LONG,
  LONGLONG,
  LPWSTR,
  lazy,
  method,
  param,
  pointerByIid,
  pointerTo,
  ptr,
  ref,
  SHORT,
  stringOf,
  struct,
  switchIs,
  ULONG,
  union,
  unique,
  WCHAR,
} from "@callfactory/core";

/** @typedef {import("@callfactory/core").Type} Type */

const WIDE_UNION = union("WIDE_UNION", LONGLONG, [
  arm(-1n, BSTR),
  arm([2n ** 40n, 3n], struct("DEEP", { text: LPWSTR, object: pointerTo(IUnknown) })),
  defaultArm(BYTE),
]);
const TRUTH_UNION = union("TRUTH_UNION", BOOLEAN, [arm(true, unique(BSTR)), arm(false)]);

/** Open in its last member, which is open itself. */
const INNER_OPEN = struct("INNER_OPEN", {
  kind: LONG,
  count: SHORT,
  items: array(switchIs(union("ITEM", LONG, [arm([0, 2], LPWSTR), defaultArm(ULONG)]), "kind"), {
    maxIs: "count",
  }),
});
const OUTER_OPEN = struct("OUTER_OPEN", { name: LPWSTR, inner: INNER_OPEN });
const OPEN_TEXT = struct("OPEN_TEXT", { size: ULONG, text: stringOf(WCHAR, { sizeIs: "size" }) });

/** A tree with a way up, and values that parameters count. */
/** @type {Type} */
const TREE = struct("TREE", {
  object: pointerByIid(IUnknown, "iid"),
  iid: GUID,
  up: ptr(lazy(() => TREE)),
  count: ULONG,
  branches: unique(array(ptr(lazy(() => TREE)), { sizeIs: "count" })),
  rows: unique(array(array(BSTR, { sizeIs: "columns" }), { sizeIs: "count" })),
});

/** An interface that nobody implements. */
export const IShapes = defineInterface({
  name: "IShapes",
  iid: "6f1cf2c0-51a9-4b6e-9d1e-6d0f7a1d2b3c",
  base: IUnknown,
  methods: [
    method("Unions", [
      param.in("tag", LONGLONG),
      param.in("wide", switchIs(WIDE_UNION, "tag")),
      param.inout("own", WIDE_UNION),
      param.out("truth", array(TRUTH_UNION, { length: 3 })),
    ]),
    method("Open", [
      param.in("outer", ref(OUTER_OPEN)),
      param.inout("inner", INNER_OPEN),
      param.out("text", unique(OPEN_TEXT)),
    ]),
    method("Trees", [
      param.in("columns", ULONG),
      param.inout("tree", ptr(TREE)),
      param.in("same", ptr(TREE)),
    ]),
    method("Grids", [
      param.in("n", ref(ULONG)),
      param.in("m", LONG),
      param.inout(
        "grid",
        array(array(array(LPWSTR, { sizeIs: "n" }), { maxIs: "m" }), { length: 2 }),
      ),
      param.in("lists", array(unique(array(DOUBLE, { sizeIs: "m" })), { sizeIs: "n" })),
      param.in("names", array(ref(stringOf(CHAR)), { sizeIs: "n", firstIs: "m", lengthIs: "m" })),
    ]),
    method("Texts", [
      param.in("text", stringOf(WCHAR)),
      param.inout("size", SHORT),
      param.out("lines", array(stringOf(CHAR, { sizeIs: "size" }), { length: 4 })),
    ]),
  ],
});
