import { E_FAIL, guid, IUnknown } from "@callfactory/core";
import { describe, expect, test } from "vitest";
import {
  COM_VERSION,
  encodeObjRef,
  methodCodec,
  NdrReader,
  type ObjRef,
  readOrpcThat,
  readOrpcThis,
} from "../../src/index.ts";
import { bytesHost } from "../calls.ts";
import { bytesOf, hexOf } from "../hex.ts";
import { answer, CID, call, EXTENT } from "./call-bytes.ts";
import { PROBE_FIELDS, PROBE_VALUES, probe } from "./probe-call.ts";
import { runImpacket } from "./run-tool.ts";

describe("impacket", () => {
  test.each([
    ["without extents", null, null],
    ["with an extent", [EXTENT], [{ id: EXTENT.id, data: "0102030405" }]],
  ])("reads our request %s", (_what, extents, shown) => {
    const bytes = call(probe, PROBE_VALUES, extents);

    const fields = JSON.parse(runImpacket(["parse", "call"], hexOf(bytes)));

    expect(fields).toEqual({
      version: [5, 7],
      flags: 0,
      cid: CID,
      extents: shown,
      ...PROBE_FIELDS,
    });
  });

  test("reads our reply", () => {
    const bytes = answer(probe, { outs: PROBE_VALUES, ins: PROBE_VALUES, hr: E_FAIL });

    const fields = JSON.parse(runImpacket(["parse", "answer"], hexOf(bytes)));

    expect(fields).toEqual({ flags: 0, hr: E_FAIL, ...PROBE_FIELDS });
  });

  test("writes requests that we read, whatever stands in its gaps", () => {
    const reader = new NdrReader(bytesOf(runImpacket(["build", "call"])));

    const header = readOrpcThis(reader);
    const args = methodCodec(probe).decodeRequest(reader, bytesHost);

    expect(header).toEqual({ version: COM_VERSION, flags: 0, cid: CID, extents: null });
    expect(args).toEqual(PROBE_VALUES);
    expect(reader.remaining).toBe(0);
  });

  test("writes replies that we read", () => {
    const reader = new NdrReader(bytesOf(runImpacket(["build", "answer"])));

    const header = readOrpcThat(reader);
    const { hr, outs } = methodCodec(probe).decodeReply(reader, PROBE_VALUES, bytesHost);

    expect(header).toEqual({ flags: 0, extents: null });
    expect({ hr, outs }).toEqual({ hr: E_FAIL, outs: PROBE_VALUES });
  });
});

describe("impacket reads our OBJREFs:", () => {
  const iid = IUnknown.iid;
  const std = { flags: 0x1000, publicRefs: 5, oxid: 0xffff_ffff_ffffn, oid: 2n, ipid: CID };
  const shownStd = { flags: 0x1000, publicRefs: 5, oxid: "281474976710655", oid: "2", ipid: CID };
  const clsid = guid("0000001c-0000-0000-c000-000000000046");
  const resolver = {
    stringBindings: [{ towerId: 7, networkAddress: "host[135]" }],
    securityBindings: [{ authnService: 10, principalName: "" }],
  };
  const bindings = { strings: "\u0007host[135]\0\0", security: "\n\uffff\0\0", length: 36 };
  const signature = 0x574f454d;

  test.each<[ObjRef, Record<string, unknown>]>([
    [
      { kind: "standard", iid, std, resolver },
      { flags: 1, std: shownStd, bindings },
    ],
    [
      { kind: "handler", iid, std, clsid, resolver },
      { flags: 2, std: shownStd, clsid, bindings },
    ],
    [
      { kind: "custom", iid, clsid, data: Uint8Array.of(9, 8) },
      { flags: 4, clsid, data: "0908" },
    ],
  ])("$kind", (objref, shown) => {
    const fields = JSON.parse(runImpacket(["parse", "objref"], hexOf(encodeObjRef(objref))));

    expect(fields).toEqual({ signature, iid, ...shown });
  });
});
