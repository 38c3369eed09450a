import {
  array,
  BYTE,
  CHAR,
  GUID,
  type Method,
  method,
  param,
  ptr,
  stringOf,
  struct,
  ULONG,
  USHORT,
} from "@callfactory/core";
import { placed, reply, request } from "../../calls.ts";
import { CID } from "../call-bytes.ts";

// The endpoint mapper (C706 appendix O): programs know its [ptr] pointers, and its annotations are
// [string] in a fixed array.

/** The interface and its version. */
export const EPM = { iid: "e1af8308-5d1f-11c9-91a4-08002b14a0fa", major: 3 } as const;
/** Its opnum. */
export const EPT_LOOKUP = 2;
const RPC_C_EP_MATCH_BY_BOTH = 3;
const MAX_ENTRIES = 17;

const TWR = struct("twr_t", {
  tower_length: ULONG,
  tower_octet_string: array(BYTE, { sizeIs: "tower_length" }),
});
const ENTRY = struct("ept_entry_t", {
  object: GUID,
  tower: ptr(TWR),
  annotation: stringOf(CHAR, { length: 64 }),
});
const HANDLE = struct("ept_lookup_handle_t", { attributes: ULONG, uuid: GUID });
const IF_ID = struct("rpc_if_id_t", { uuid: GUID, vers_major: USHORT, vers_minor: USHORT });

/** A tower, as the structure that a [ptr] pointer leads to. */
export interface Tower {
  readonly tower_length: number;
  readonly tower_octet_string: Uint8Array;
}

/** The tower of an interface of version 0.0 at a port of 127.0.0.1. */
export function towerAt(port: number): Tower {
  const uuid = [...CID.replaceAll("-", "").matchAll(/../g)].map(([pair]) =>
    Number.parseInt(pair, 16),
  );
  const floors = [
    [
      [0x0d, ...uuid, 0, 0],
      [0, 0],
    ],
    [
      [0x0d, ...uuid, 2, 0],
      [0, 0],
    ],
    [[0x0b], [0, 0]],
    [[0x07], [port >> 8, port & 0xff]],
    [[0x09], [127, 0, 0, 1]],
  ].flatMap((sides) => sides.flatMap((side) => [side.length, 0, ...side]));
  const octets = Uint8Array.of(5, 0, ...floors);
  return { tower_length: octets.length, tower_octet_string: octets };
}

/** An element of what ept_lookup answers. */
export interface Entry {
  readonly object: string;
  readonly tower: Tower | null;
  readonly annotation: string;
}

const lookupReply = placed(
  method("ept_lookup", [
    param.in("max_ents", ULONG),
    param.in("first", ULONG),
    param.out("entry_handle", HANDLE),
    param.out("num_ents", ULONG),
    param.out(
      "entries",
      array(ENTRY, { sizeIs: "max_ents", firstIs: "first", lengthIs: "num_ents" }),
    ),
  ]),
);

/** The reply of ept_lookup with `entries`, of which those before `first` do not travel. */
export function lookupAnswer(entries: readonly Entry[], first = 0): Uint8Array {
  const outs = [{ attributes: 0, uuid: CID }, entries.length - first, entries];
  return reply(lookupReply, outs, { ins: [MAX_ENTRIES, first] });
}

/** A request of ept_lookup whose object and interface are `types`, both behind [ptr]. */
function lookupWith(object: Parameters<typeof ptr>[0], iface: Parameters<typeof ptr>[0]): Method {
  return placed(
    method("ept_lookup", [
      param.in("inquiry_type", ULONG),
      param.in("object", ptr(object)),
      param.in("interface_id", ptr(iface)),
      param.in("vers_option", ULONG),
      param.in("entry_handle", HANDLE),
      param.in("max_ents", ULONG),
    ]),
  );
}

function asked(of: Method, object: unknown, iface: unknown): Uint8Array {
  const handle = { attributes: 0, uuid: CID };
  return request(of, [RPC_C_EP_MATCH_BY_BOTH, object, iface, 1, handle, MAX_ENTRIES]);
}

/** A request with an object and an interface of their own. */
export function lookupRequest(object: string | null, uuid: string | null): Uint8Array {
  const iface = uuid === null ? null : { uuid, vers_major: 5, vers_minor: 6 };
  return asked(lookupWith(GUID, IF_ID), object, iface);
}

/** A request whose two pointers lead to one object: of the type of the first, which has its bytes. */
export function lookupOfOneObject(): Uint8Array {
  const UUID = struct("uuid_t", { uuid: GUID });
  const shared = { uuid: CID };
  return asked(lookupWith(UUID, UUID), shared, shared);
}
