import {
  array,
  BYTE,
  GUID,
  IUnknown,
  LONGLONG,
  LPWSTR,
  method,
  param,
  pointerTo,
  struct,
  ULONG,
  unique,
  USHORT,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { placed, reply, request } from "../calls.ts";
import { golden } from "../hex.ts";
import { CID, call, EXTENT } from "./call-bytes.ts";
import { runNdrdump } from "./run-tool.ts";

// Interfaces as ndrdump's own IDL describes them, which is not always as Windows does.

const addRef = placed(method("AddRef", []));

const createInstance = placed(
  method("CreateInstance", [
    param.in("pUnknown", pointerTo(IUnknown)),
    param.in("iid", unique(GUID)),
  ]),
);

const REF = struct("REMINTERFACEREF", { ipid: GUID, cPublicRefs: ULONG, cPrivateRefs: ULONG });
const remRelease = placed(
  method("RemRelease", [
    param.in("cInterfaceRefs", USHORT),
    param.in("refs", array(REF, { sizeIs: "cInterfaceRefs" })),
  ]),
);

const pinged = placed(
  method("ComplexPing", [param.inout("SetId", LONGLONG), param.out("PingBackoffFactor", USHORT)]),
);

const SURROUNDING = struct("echo_Surrounding", {
  x: ULONG,
  surrounding: array(USHORT, { sizeIs: "x" }),
});
const surrounding = placed(method("TestSurrounding", [param.inout("data", SURROUNDING)], "void"));

const testCall = placed(method("TestCall", [param.out("s2", LPWSTR)], "void"));

const echo = placed(
  method(
    "EchoData",
    [
      param.in("len", ULONG),
      param.in("data", array(BYTE, { sizeIs: "len" })),
      param.out("out", array(BYTE, { sizeIs: "len" })),
    ],
    "void",
  ),
);
const echoRequest = request(echo, [3, Uint8Array.of(1, 2, 3)]);

describe("ndrdump reads, and writes the same bytes:", () => {
  test.each<[what: string, target: string, bytes: Uint8Array, shown: RegExp]>([
    ["two extents", "IUnknown AddRef in", call(addRef, [], [EXTENT, EXTENT]), /size +: 0x0+2 /],
    [
      "NULL in its place",
      "IClassFactory CreateInstance in",
      call(createInstance, [null, CID]),
      /pUnknown +: NULL/,
    ],
    [
      "an array of structures",
      "IRemUnknown RemRelease in",
      call(remRelease, [2, [5, 6].map((n) => ({ ipid: CID, cPublicRefs: n, cPrivateRefs: 0 }))]),
      /: 0x0+6 /,
    ],
    [
      "a hyper and a short",
      "IOXIDResolver ComplexPing out",
      reply(pinged, [-2n, 3]),
      /PingBackoffFactor +: 0x0003/i,
    ],
    ["a conformant array", "rpcecho echo_EchoData in", echoRequest, /len +: 0x0+3 /],
    [
      "a conformant structure",
      "rpcecho echo_TestSurrounding in",
      request(surrounding, [{ x: 3, surrounding: Uint16Array.of(7, 8, 9) }]),
      /ARRAY\(3\)/,
    ],
    ["a string", "rpcecho echo_TestCall out", reply(testCall, ["wide"]), /'wide'/],
  ])("%s", (_what, target, bytes, shown) => {
    const output = runNdrdump(target, bytes);

    expect(output).toContain("dump OK");
    expect(output).not.toMatch(/WARNING|unread bytes/i);
    expect(output).toMatch(shown);
  });

  test("a custom OBJREF and a standard one, of which it cannot write the bindings", () => {
    const [custom, standard] = ["objref-custom", "objref-standard"].map((name) =>
      runNdrdump("IClassFactory CreateInstance in", call(createInstance, [golden(name), CID]), {
        validate: name === "objref-custom",
      }),
    );

    expect(custom).toMatch(/clsid +: 0000001c-0000-0000-c000-000000000046/);
    expect(standard).toMatch(/oxid +: 0x0102030405060708/);
    expect(standard).toMatch(/10\.0\.0\.1\[135\]/);
    expect(standard).toMatch(/iid +: 00112233-4455-6677-8899-aabbccddeeff/);
  });

  test("an [out] array that the request sizes", () => {
    const bytes = reply(echo, [Uint8Array.of(4, 5, 6)], { ins: [3] });

    const output = runNdrdump("rpcecho echo_EchoData out", bytes, {
      request: echoRequest,
    });

    expect(output).toContain("dump OK");
    expect(output).toContain("04 05 06");
  });
});
