import {
  array,
  BYTE,
  GUID,
  LONG,
  LONGLONG,
  ptr,
  SHORT,
  struct,
  ULONG,
  unique,
  USHORT,
} from "@callfactory/core";
import { CID } from "../call-bytes.ts";
import { FLAT, type ProbeCall, probeCall } from "./probe-types.ts";

// Arrays of probe.idl, and what ORPC is made of.

const MATRIX = struct("MATRIX", {
  m: SHORT,
  a: array(array(SHORT, { length: 3 }), { sizeIs: "m" }),
});
const STDOBJREF = struct("STDOBJREF", {
  flags: ULONG,
  refs: ULONG,
  oxid: LONGLONG,
  oid: LONGLONG,
  ipid: GUID,
});
const REMQIRESULT = struct("REMQIRESULT", { hr: LONG, std: STDOBJREF });
const MIFP = struct("MIFP", { n: ULONG, data: array(BYTE, { sizeIs: "n" }) });

const SHARED = { x: 7 };
const ROWS = [Int16Array.of(1, 2, 3), Int16Array.of(4, 5, 6)];
const STD = { flags: 0, refs: 5, oxid: 1n, oid: 2n, ipid: CID };

const ITEMS = { n: ULONG, items: array(ptr(FLAT), { sizeIs: "n" }) };
const PART = { m: LONG, l: LONG, a: array(LONG, { maxIs: "m", lastIs: "l" }) };
const RESULTS = { n: SHORT, results: array(REMQIRESULT, { sizeIs: "n" }) };
const PACKETS = {
  n: SHORT,
  hr: array(LONG, { sizeIs: "n" }),
  packets: array(unique(MIFP), { sizeIs: "n" }),
};
const OIDS = unique(array(LONGLONG, { sizeIs: "n" }));

export const MORE_PROBE_CALLS: readonly ProbeCall[] = [
  probeCall("[ptr]: one object twice in an array", 19, ITEMS, [
    4,
    [SHARED, { x: 8 }, SHARED, null],
  ]),
  probeCall("max_is", 20, { m: LONG, a: array(LONG, { maxIs: "m" }) }, [2, Int32Array.of(7, 8, 9)]),
  probeCall("last_is", 21, PART, [4, 1, Int32Array.of(7, 8)]),
  probeCall(
    "rows of fixed length",
    22,
    { m: LONG, a: array(array(SHORT, { length: 3 }), { sizeIs: "m" }) },
    [2, ROWS],
  ),
  probeCall("rows of fixed length in a structure", 23, { matrix: MATRIX }, [{ m: 2, a: ROWS }]),
  probeCall("REMQIRESULTs", 24, RESULTS, [
    2,
    [
      { hr: 0, std: STD },
      { hr: -5, std: STD },
    ],
  ]),
  probeCall("MInterfacePointers", 25, PACKETS, [
    2,
    Int32Array.of(0, 1),
    [{ n: 3, data: Uint8Array.of(1, 2, 3) }, null],
  ]),
  probeCall(
    "a set of OIDs",
    26,
    { set: LONGLONG, sequence: USHORT, n: USHORT, oids: OIDS, last: USHORT },
    [1n, 7, 2, BigInt64Array.of(2n, 3n), 5],
  ),
];
