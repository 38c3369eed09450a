import {
  array,
  BSTR,
  BYTE,
  GUID_NULL,
  IUnknown,
  LONG,
  LPWSTR,
  type Method,
  method,
  param,
  pointerTo,
  ptr,
  ref,
  RPC_E_CLIENT_CANTUNMARSHAL_DATA,
  RPC_E_INVALID_HEADER,
  RPC_E_INVALID_OBJREF,
  RPC_E_SERVER_CANTUNMARSHAL_DATA,
  struct,
  type Type,
  ULONG,
  unique,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { decodeObjRef, encodeObjRef, NdrReader, readOrpcThat } from "../src/index.ts";
import { argsOf, placed, replyOf, request, takes } from "./calls.ts";
import { bytesOf } from "./hex.ts";

// Each message has all the bytes that it announces: what is wrong is what they say.

describe("a request is refused", () => {
  test.each([
    ["a string from an offset on", LPWSTR, "00000200 02000000 01000000 02000000 7800 0000"],
    ["a string longer than max_count", LPWSTR, "00000200 01000000 00000000 02000000 7800 0000"],
    ["a string of no units", LPWSTR, "00000200 01000000 00000000 00000000 0000"],
    ["a string without NUL", LPWSTR, "00000200 02000000 00000000 02000000 7800 7900"],
    ["a BSTR whose max_count differs", BSTR, "55736572 02000000 02000000 01000000 7800 7900"],
    ["a BSTR whose cBytes differs", BSTR, "55736572 01000000 08000000 01000000 7800"],
    ["an OBJREF whose max_count differs", pointerTo(IUnknown), "00000200 02000000 01000000 aabb"],
    ["NULL in a [ref] member", struct("R", { p: ref(LONG) }), "00000000 07000000"],
  ])("for %s", (_what, type, hex) => {
    expect(() => argsOf(takes(type), bytesOf(hex))).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });
});

test("elements from an offset on must end within their array", () => {
  const params = [param.in("f", ULONG), param.in("a", array(BYTE, { length: 3, firstIs: "f" }))];
  const of = placed(method("Take", params));

  expect(argsOf(of, bytesOf("01000000 01000000 02000000 0708"))).toEqual([
    1,
    Uint8Array.of(0, 7, 8),
  ]);
  expect(() => argsOf(of, bytesOf("02000000 02000000 02000000 0708"))).toThrow(
    expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
  );
});

describe("what would need more memory than its bytes is refused:", () => {
  const GRID = array(array(array(BYTE, {}), {}), {});
  const PART = { sizeIs: "n", firstIs: "f" };
  const part = (type: Type): Method =>
    placed(method("Take", [param.in("n", ULONG), param.in("f", ULONG), param.in("a", type)]));
  const many = "00000040";
  test.each([
    ["rows without elements", takes(GRID), `ffffffff 00000000 ffffffff`],
    ["rows of rows without elements", takes(GRID), `ffffff7f ffffff7f 00000000`],
    [
      "elements behind an offset",
      part(array(BYTE, PART)),
      `${many} ffffff3f ${many} ffffff3f 01000000 07`,
    ],
    [
      "rows behind an offset",
      part(array(array(BYTE, PART), PART)),
      `${many} ffffff3f ${many} ${many} ffffff3f 01000000 ffffff3f 01000000 07`,
    ],
    ["elements of a [ptr] array", takes(ptr(array(LPWSTR, {}))), "01000000 ffffffff 00000000"],
  ])("%s", (_what, of, hex) => {
    expect(() => argsOf(of, bytesOf(hex))).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });
});

describe("FIN-11 the reply of a Pull of one byte is refused", () => {
  const pull = placed(
    method("Pull", [
      param.out("buf", array(BYTE, { sizeIs: "cRequest", lengthIs: "pcReturned" })),
      param.in("cRequest", ULONG),
      param.out("pcReturned", ULONG),
    ]),
  );

  test.each([
    ["for more elements than its size", "01000000 00000000 02000000 0102 0000 02000000 00000000"],
    ["for elements from an offset on", "01000000 01000000 01000000 01 000000 01000000 00000000"],
    [
      "for a count that is not the array's",
      "01000000 00000000 01000000 01 000000 00000000 00000000",
    ],
  ])("%s", (_what, hex) => {
    expect(() => replyOf(pull, bytesOf(hex), { ins: [1] })).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTUNMARSHAL_DATA }),
    );
  });
});

test("an extent larger than its room is RPC_E_INVALID_HEADER", () => {
  const bytes = bytesOf(`00000000 00000200 01000000 00000000 04000200 02000000 08000200 00000000
    08000000 34030000 0000 0000 c000 000000000046 09000000 ${"00".repeat(16)}`);

  expect(() => readOrpcThat(new NdrReader(bytes))).toThrow(
    expect.objectContaining({ hr: RPC_E_INVALID_HEADER }),
  );
});

test("an element of an extended OBJREF larger than its room is RPC_E_INVALID_OBJREF", () => {
  const std = { flags: 0, publicRefs: 1, oxid: 1n, oid: 2n, ipid: GUID_NULL };
  const element = { id: GUID_NULL, data: new Uint8Array(8) };
  const resolver = { stringBindings: [], securityBindings: [] };
  const bytes = encodeObjRef({ kind: "extended", iid: IUnknown.iid, std, resolver, element });
  // Size, rounded size, then the eight bytes.
  new DataView(bytes.buffer).setUint32(bytes.length - 12, 4, true);

  expect(() => decodeObjRef(bytes)).toThrow(expect.objectContaining({ hr: RPC_E_INVALID_OBJREF }));
});

test("members of an inner structure do not size those of the outer one", () => {
  const INNER = struct("INNER", { n: LONG, p: unique(array(LONG, { sizeIs: "n" })) });
  const OUTER = struct("OUTER", { i: INNER, n: LONG, p: unique(array(LONG, { sizeIs: "n" })) });
  const of = takes(OUTER);
  const value = { i: { n: 1, p: Int32Array.of(1) }, n: 2, p: Int32Array.of(2, 3) };

  expect(argsOf(of, request(of, [value]))).toEqual([value]);
});
