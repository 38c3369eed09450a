import { guid } from "@callfactory/core";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { hexOf } from "../../hex.ts";
import { CID } from "../call-bytes.ts";
import { bindPdu, requestPdu, responsePdu } from "../pdu.ts";
import { runNdrdump, runTool, runTshark } from "../run-tool.ts";
import {
  EPM,
  EPT_LOOKUP,
  type Entry,
  lookupAnswer,
  lookupOfOneObject,
  lookupRequest,
  towerAt,
} from "./epm-calls.ts";

const IID = guid("00000131-0000-0000-c000-000000000046");

/** What tshark finds in the last message; the first two tell that it is malformed or too long. */
function dissected(stubs: readonly Uint8Array[], fields: readonly string[]): string[] {
  const messages = stubs.map((stub, i) =>
    i === 0 ? requestPdu({ opnum: EPT_LOOKUP, object: CID, stub }) : responsePdu(stub),
  );
  const bind = bindPdu(guid(EPM.iid), EPM.major);
  const all = ["_ws.malformed", "dcerpc.long_frame", ...fields];
  return (runTshark([bind, ...messages], all).at(-1) ?? "").split("\t");
}

function impacketReads(what: "request" | "answer", bytes: Uint8Array): unknown {
  const script = fileURLToPath(new URL("impacket_epm.py", import.meta.url));
  return JSON.parse(runTool("/usr/bin/python3", [script, what], hexOf(bytes)));
}

const ASKED = ["epm.object", "epm.if_id", "epm.ver_opt", "epm.max_ents"];

test.each<[what: string, bytes: Uint8Array, object: string, iface: string]>([
  ["two [ptr] parameters", lookupRequest(CID, IID), CID, IID],
  ["a [ptr] parameter behind NULL", lookupRequest(null, IID), "", IID],
  ["a [ptr] parameter before NULL", lookupRequest(CID, null), CID, ""],
  // The second has no bytes: it is the referent of the first.
  ["two [ptr] parameters that share a referent", lookupOfOneObject(), CID, ""],
])("tshark finds %s, and what stands behind", (_what, bytes, object, iface) => {
  expect(dissected([bytes], ASKED)).toEqual(["", "", object, iface, "1", "17"]);
});

test.each<[what: string, object: string | null, iface: string | null]>([
  ["two [ptr] parameters", CID, IID],
  ["a [ptr] parameter behind NULL", null, IID],
  ["a [ptr] parameter before NULL", CID, null],
])("impacket and ndrdump read %s", (_what, object, iface) => {
  const bytes = lookupRequest(object, iface);

  expect(impacketReads("request", bytes)).toEqual({ object, interface: iface, max_ents: 17 });
  const output = runNdrdump("epmapper epm_Lookup in", bytes, { validate: false });
  expect(output).toContain("dump OK");
  expect(output).not.toMatch(/unread bytes/i);
  expect(output).toMatch(/max_ents +: 0x00000011/);
});

// In an array neither ndrdump nor impacket knows referents that are shared, and tshark reads none.
const ENTRIES: readonly Entry[] = [
  { object: CID, tower: towerAt(135), annotation: "ab" },
  { object: IID, tower: null, annotation: "" },
  { object: CID, tower: towerAt(99), annotation: "cdef" },
];

test("impacket reads [ptr] members, and [string] in a fixed array", () => {
  const found = impacketReads("answer", lookupAnswer(ENTRIES));

  expect(found).toEqual({
    num_ents: 3,
    entries: ENTRIES.map(({ object, tower, annotation }) => ({
      object,
      tower: tower === null ? null : hexOf(tower.tower_octet_string),
      annotation: `${annotation}\0`,
    })),
    status: 0,
  });
});

test("ndrdump reads [ptr] members, and [string] in a fixed array", () => {
  const request = lookupRequest(CID, IID);

  const output = runNdrdump("epmapper epm_Lookup out", lookupAnswer(ENTRIES), {
    validate: false,
    request,
  });

  expect(output).toContain("dump OK");
  expect(output).not.toMatch(/unread bytes/i);
  expect(output).toMatch(/'ab'[^]*''[^]*'cdef'/);
  expect(output).toMatch(/port +: 0x0087[^]*port +: 0x0063/);
  expect(output).toMatch(/annotation_length +: 0x00000005/);
});

test("tshark finds the annotations, and an array that does not begin with its first element", () => {
  const bare = ENTRIES.map((entry) => ({ ...entry, tower: null }));
  const stubs = [lookupRequest(CID, IID), lookupAnswer(bare, 1)];

  const found = dissected(stubs, [
    "dcerpc.array.max_count",
    "dcerpc.array.offset",
    "dcerpc.array.actual_count",
    "epm.ann_len",
    "epm.annotation",
    "epm.rc",
  ]);

  expect(found).toEqual(["", "", "17", "1", "2", "1,5", ",cdef", "0x00000000"]);
});
