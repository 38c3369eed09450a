import { guid, IUnknown, S_OK } from "@callfactory/core";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { encodeObjRef, NdrWriter, writeOrpcThat } from "../../../src/index.ts";
import { reply, request } from "../../calls.ts";
import { hexOf } from "../../hex.ts";
import { answer, CID, call, EXTENT } from "../call-bytes.ts";
import { runTool } from "../run-tool.ts";
import {
  complexPing,
  IID_IRemUnknown,
  queried,
  remQueryInterface,
  remQueryInterface2,
  simplePing,
} from "./exporter-calls.ts";

const IIDS = [IUnknown.iid, IID_IRemUnknown];
const CLSID = guid("0000001c-0000-0000-c000-000000000046");
const OXID = String(0x0102030405060708n);

function extendedObjRef(): Uint8Array {
  return encodeObjRef({
    kind: "extended",
    iid: IUnknown.iid,
    std: { flags: 0x1000, publicRefs: 5, oxid: 1n, oid: 2n, ipid: CID },
    resolver: {
      stringBindings: [{ towerId: 7, networkAddress: "host[135]" }],
      securityBindings: [{ authnService: 10, principalName: "" }],
    },
    element: { id: CLSID, data: Uint8Array.of(1, 2, 3, 4, 5) },
  });
}

function failureWithExtent(): Uint8Array {
  const writer = new NdrWriter();
  writeOrpcThat(writer, { flags: 0, extents: [EXTENT] });
  writer.writeUint32(0x80004005);
  return writer.bytes();
}

const SETS = [1n, 7, 2, 1, BigUint64Array.of(2n, 3n), BigUint64Array.of(4n)];
const PACKETS = [{ ulCntData: 3, abData: Uint8Array.of(1, 2, 3) }, null];

test.each<[name: string, bytes: Uint8Array, shown: unknown]>([
  ["SimplePing", request(simplePing, [0x1122334455667788n]), String(0x1122334455667788n)],
  ["ComplexPing", request(complexPing, SETS), ["1", 7, 2, 1, ["2", "3"], ["4"]]],
  ["ComplexPing", request(complexPing, [1n, 7, 0, 0, null, null]), ["1", 7, 0, 0, [], []]],
  ["ComplexPing answer", reply(complexPing, [5n, 3], { ins: SETS }), ["5", 3, 0]],
  ["RemQueryInterface", call(remQueryInterface, [CID, 5, 2, IIDS]), [CID, 5, 2, IIDS]],
  [
    "RemQueryInterface answer",
    answer(remQueryInterface, {
      ins: [CID, 5, 2, IIDS],
      outs: [[queried(CID, 2n), queried(CID, 3n)]],
      hr: S_OK,
    }),
    [["2", "3"].map((oid) => [0, 0, 5, OXID, oid, CID]), 0],
  ],
  ["RemQueryInterface2", call(remQueryInterface2, [CID, 2, IIDS]), [CID, 2, IIDS]],
  [
    "RemQueryInterface2 answer",
    answer(remQueryInterface2, {
      ins: [CID, 2, IIDS],
      outs: [Uint32Array.of(0, 0x80004002), PACKETS],
      hr: S_OK,
    }),
    [[0, 0x80004002], ["010203", null], 0],
  ],
  ["RemRelease answer", failureWithExtent(), [[[EXTENT.id, "0102030405"]], 0x80004005]],
  [
    "extended OBJREF",
    extendedObjRef(),
    {
      std: [0x1000, 5, "1", "2", CID],
      entries: 16,
      signatures: [0x4e535956, 0x4e535956],
      elements: 1,
      id: CLSID,
      sizes: [5, 8],
      data: "0102030405",
    },
  ],
])("impacket reads our %s", (name, bytes, shown) => {
  const script = fileURLToPath(new URL("impacket_orpc.py", import.meta.url));

  const found: unknown = JSON.parse(runTool("/usr/bin/python3", [script, name], hexOf(bytes)));

  expect(found).toEqual(shown);
});
