import { guid, RPC_E_INVALID_OBJREF } from "@callfactory/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeObjRef, encodeObjRef, type ObjRef } from "../src/index.ts";
import { anyDualStringArray, anyGuid, anyStdObjRef } from "./arbitraries.ts";
import { golden, hexOf } from "./hex.ts";

const IID_IUnknown = guid("00000000-0000-0000-c000-000000000046");

const STANDARD: ObjRef = {
  kind: "standard",
  iid: IID_IUnknown,
  std: {
    flags: 0,
    publicRefs: 5,
    oxid: 0x0102030405060708n,
    oid: 0x1112131415161718n,
    ipid: guid("00112233-4455-6677-8899-aabbccddeeff"),
  },
  resolver: {
    stringBindings: [{ towerId: 7, networkAddress: "10.0.0.1[135]" }],
    securityBindings: [{ authnService: 10, principalName: "" }],
  },
};

const CUSTOM: ObjRef = {
  kind: "custom",
  iid: IID_IUnknown,
  clsid: guid("0000001c-0000-0000-c000-000000000046"),
  data: Uint8Array.of(0xde, 0xad, 0xbe, 0xef),
};

describe("golden OBJREFs", () => {
  test.each([
    ["objref-standard", STANDARD],
    ["objref-custom", CUSTOM],
  ] as const)("%s is written and read", (name, objref) => {
    expect(hexOf(encodeObjRef(objref))).toBe(hexOf(golden(name)));
    expect(decodeObjRef(golden(name))).toEqual(objref);
  });
});

test("every OBJREF comes back", () => {
  const data = fc.uint8Array({ maxLength: 40 });
  const common = { iid: anyGuid, std: anyStdObjRef, resolver: anyDualStringArray };
  const anyObjRef: fc.Arbitrary<ObjRef> = fc.oneof(
    fc.record({ kind: fc.constant("standard" as const), ...common }),
    fc.record({ kind: fc.constant("handler" as const), ...common, clsid: anyGuid }),
    fc.record({ kind: fc.constant("custom" as const), iid: anyGuid, clsid: anyGuid, data }),
    fc.record({
      kind: fc.constant("extended" as const),
      ...common,
      element: fc.record({ id: anyGuid, data }),
    }),
  );

  fc.assert(
    fc.property(anyObjRef, (objref) => {
      expect(decodeObjRef(encodeObjRef(objref))).toEqual(objref);
    }),
    { numRuns: 500 },
  );
});

describe("bad OBJREFs", () => {
  const invalid = expect.objectContaining({ hr: RPC_E_INVALID_OBJREF });

  test("every cut of a standard OBJREF is RPC_E_INVALID_OBJREF", () => {
    const bytes = golden("objref-standard");

    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeObjRef(bytes.subarray(0, length))).toThrow(invalid);
    }
  });

  test.each([
    ["a wrong MEOW", 0, 0x4e],
    ["unknown flags", 4, 3],
    ["security bindings beyond the end", 66, 0xff],
  ])("%s is RPC_E_INVALID_OBJREF", (_what, offset, byte) => {
    const bytes = golden("objref-standard").fill(byte, offset, offset + 1);

    expect(() => decodeObjRef(bytes)).toThrow(invalid);
  });
});
