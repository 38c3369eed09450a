import { type Guid, guid, IUnknown, method, param, pointerTo, S_OK } from "@callfactory/core";
import { expect, test } from "vitest";
import { encodeObjRef, NdrWriter, writeOrpcThat } from "../../../src/index.ts";
import { placed, reply, request } from "../../calls.ts";
import { answer, CID, call, EXTENT } from "../call-bytes.ts";
import { bindPdu, requestPdu, responsePdu } from "../pdu.ts";
import { runTshark } from "../run-tool.ts";
import {
  complexPing,
  IID_IObjectExporter,
  IID_IRemUnknown,
  queried,
  remQueryInterface,
  simplePing,
} from "./exporter-calls.ts";

/** What tshark finds in the last message; the first two tell that it is malformed or too long. */
function dissected(
  of: { readonly iid: Guid; readonly opnum: number; readonly stubs: readonly Uint8Array[] },
  fields: readonly string[],
): string[] {
  const { iid, opnum, stubs } = of;
  const messages = stubs.map((stub, i) =>
    i === 0 ? requestPdu({ opnum, object: CID, stub }) : responsePdu(stub),
  );
  const all = ["_ws.malformed", "dcerpc.long_frame", ...fields];
  return (runTshark([bindPdu(iid), ...messages], all).at(-1) ?? "").split("\t");
}

const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

test("tshark finds the set of SimplePing", () => {
  const stubs = [request(simplePing, [0x1122334455667788n])];

  const found = dissected({ iid: IID_IObjectExporter, opnum: 1, stubs }, ["oxid.setid"]);

  expect(found).toEqual(["", "", "0x1122334455667788"]);
});

test("tshark finds the set and the counts of ComplexPing, and what it answers", () => {
  const args = [1n, 7, 2, 1, BigUint64Array.of(2n, 3n), BigUint64Array.of(4n)];
  const asked = request(complexPing, args);
  const answered = reply(complexPing, [5n, 3], { ins: args });
  const ping = { iid: IID_IObjectExporter, opnum: 2 };

  const sent = dissected({ ...ping, stubs: [asked] }, [
    "oxid.setid",
    "oxid.seqnum",
    "oxid.addtoset",
    "oxid.delfromset",
    "oxid.oid",
  ]);
  const got = dissected({ ...ping, stubs: [asked, answered] }, [
    "oxid.setid",
    "oxid.ping_backoff_factor",
    "dcom.hresult",
  ]);

  expect(sent).toEqual(["", "", hex64(1n), "7", "2", "1", [2n, 3n, 4n].map(hex64).join(",")]);
  expect(got).toEqual(["", "", hex64(5n), "3", "0x00000000"]);
});

test("tshark finds the REMQIRESULTs of RemQueryInterface, behind a pointer", () => {
  const ins = [CID, 5, 2, [IUnknown.iid, IID_IRemUnknown]];
  const outs = [[queried(CID, 2n), queried(CID, 3n)]];
  const stubs = [call(remQueryInterface, ins), answer(remQueryInterface, { ins, outs, hr: S_OK })];

  const found = dissected({ iid: IID_IRemUnknown, opnum: 3, stubs }, [
    "dcom.hresult",
    "dcom.stdobjref.public_refs",
    "dcom.oxid",
    "dcom.oid",
    "dcom.ipid",
  ]);

  expect(found).toEqual([
    "",
    "",
    "0x00000000,0x00000000,0x00000000",
    "0x00000005,0x00000005",
    [0x0102030405060708n, 0x0102030405060708n].map(hex64).join(","),
    [2n, 3n].map(hex64).join(","),
    // The object that is called, and the two interfaces.
    [CID, CID, CID].join(","),
  ]);
});

test("tshark finds the extents of an ORPCTHAT", () => {
  const writer = new NdrWriter();
  writeOrpcThat(writer, { flags: 0, extents: [EXTENT, EXTENT, EXTENT] });
  writer.writeUint32(S_OK);
  const stubs = [call(remQueryInterface, [CID, 5, 0, []]), writer.bytes()];

  const found = dissected({ iid: IID_IRemUnknown, opnum: 5, stubs }, [
    "dcom.extent.array_count",
    "dcom.extent.id",
    "dcom.hresult",
  ]);

  expect(found).toEqual(["", "", "3", `${EXTENT.id},${EXTENT.id},${EXTENT.id}`, "0x00000000"]);
});

const clsid = guid("0000001c-0000-0000-c000-000000000046");

test("tshark finds the parts of an OBJREF with a handler", () => {
  const of = placed(
    method("RemoteCreateInstance", [
      param.in("pUnkOuter", pointerTo(IUnknown)),
      param.in("pActProperties", pointerTo(IUnknown)),
    ]),
  );
  const objref = encodeObjRef({
    kind: "handler",
    iid: IUnknown.iid,
    std: { flags: 0x1000, publicRefs: 5, oxid: 1n, oid: 2n, ipid: CID },
    clsid,
    resolver: {
      stringBindings: [{ towerId: 7, networkAddress: "host[135]" }],
      securityBindings: [{ authnService: 10, principalName: "" }],
    },
  });
  const stubs = [call(of, [null, objref])];

  const found = dissected({ iid: guid("000001a0-0000-0000-c000-000000000046"), opnum: 4, stubs }, [
    "dcom.iid",
    "dcom.oid",
    "dcom.clsid",
    "dcom.dualstringarray.network_addr",
  ]);

  expect(found).toEqual(["", "", IUnknown.iid, hex64(2n), clsid, "host[135]"]);
});
