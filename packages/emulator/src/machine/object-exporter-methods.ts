import {
  array,
  defineFunctions,
  guid,
  type Method,
  method,
  param,
  ULONGLONG,
  unique,
  USHORT,
} from "@callfactory/core";

/** IObjectExporter: the part of an object resolver that speaks to other machines ([MS-DCOM] 3.1.2.5.1). */
export const IID_IObjectExporter = guid("99fcfec4-5260-101b-bbcb-00aa0021347a");

// It is no COM interface: it has no IUnknown, its opnums begin at 0, its requests have no ORPCTHIS.
const methods = defineFunctions("IObjectExporter", [
  method("ResolveOxid", []),
  method("SimplePing", [param.in("pSetId", ULONGLONG)]),
  method("ComplexPing", [
    param.inout("pSetId", ULONGLONG),
    param.in("SequenceNum", USHORT),
    param.in("cAddToSet", USHORT),
    param.in("cDelFromSet", USHORT),
    param.in("AddToSet", unique(array(ULONGLONG, { sizeIs: "cAddToSet" }))),
    param.in("DelFromSet", unique(array(ULONGLONG, { sizeIs: "cDelFromSet" }))),
    param.out("pPingBackoffFactor", USHORT),
  ]),
]).members;

/** Says that the client of a set is there (MAR-16). */
export const SIMPLE_PING = methods.get("SimplePing") as Method;
/** Changes a set, or makes one when its id is 0; and pings. */
export const COMPLEX_PING = methods.get("ComplexPing") as Method;

/** The method of an opnum, as far as it is served here. */
export function objectExporterMethod(opnum: number): Method | undefined {
  return [SIMPLE_PING, COMPLEX_PING].find(({ slot }) => slot === opnum);
}

/** How often a client pings. */
export const PING_PERIOD_MS = 120_000;
/** How many pings a client may miss. */
export const PINGS_TO_TIMEOUT = 3;
/** OR_INVALID_SET: the server knows no such set, or no longer. */
export const OR_INVALID_SET = 0x778;
