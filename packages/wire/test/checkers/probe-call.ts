import {
  array,
  BOOL,
  BSTR,
  BYTE,
  DOUBLE,
  GUID,
  guid,
  IUnknown,
  LONG,
  LONGLONG,
  LPWSTR,
  method,
  param,
  pointerTo,
  struct,
  type Type,
  ULONG,
  unique,
  USHORT,
} from "@callfactory/core";
import { placed } from "../calls.ts";

// One field of each kind, in the order of FIELDS in impacket_probe.py.

const POINT = struct("POINT", { x: DOUBLE, y: DOUBLE });
const NAMED = struct("NAMED", { id: USHORT, name: LPWSTR, count: unique(ULONG) });

const FIELDS: Readonly<Record<string, Type>> = {
  small: BYTE,
  hyper: LONGLONG,
  flag: BOOL,
  text: LPWSTR,
  wide: DOUBLE,
  name: BSTR,
  point: POINT,
  id: GUID,
  longs: array(LONG, {}),
  short: USHORT,
  named: NAMED,
  names: array(LPWSTR, {}),
  units: array(USHORT, { sizeIs: "nothing", lengthIs: "nothing" }),
  object: pointerTo(IUnknown),
  nothing: LPWSTR,
  last: LONG,
};

/** A method with a parameter of each kind, all of them [in,out]. */
export const probe = placed(
  method(
    "Probe",
    Object.entries(FIELDS).map(([name, type]) => param.inout(name, type)),
  ),
);

/** What impacket_probe.py builds, and what it must find in our bytes. */
export const PROBE_VALUES: readonly unknown[] = [
  200,
  -5n,
  true,
  "text",
  2.5,
  "bstr",
  { x: 1.5, y: -1.5 },
  guid("00112233-4455-6677-8899-aabbccddeeff"),
  Int32Array.of(1, -2, 3),
  65535,
  { id: 7, name: "inner", count: 9 },
  ["one", "three"],
  Uint16Array.of(104, 105),
  Uint8Array.of(1, 2, 3, 4, 5),
  null,
  -7,
];

/** The same as impacket_probe.py shows it. */
export const PROBE_FIELDS = {
  small: 200,
  hyper: "-5",
  flag: true,
  text: "text\0",
  wide: 2.5,
  name: "bstr",
  point: { x: 1.5, y: -1.5 },
  id: "00112233-4455-6677-8899-aabbccddeeff",
  longs: [1, -2, 3],
  short: 65535,
  named: { id: 7, name: "inner\0", count: 9 },
  names: ["one\0", "three\0"],
  units: [104, 105],
  object: "0102030405",
  last: -7,
};
