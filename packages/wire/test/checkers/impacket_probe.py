"""Reads and writes with impacket what checkers.test.ts reads and writes with the codec under test.

Usage: impacket_probe.py parse {call|answer|objref} < hex   prints the fields as JSON
       impacket_probe.py build {call|answer}                prints hex
"""

import json
import struct
import sys

from impacket.dcerpc.v5.dcom.oaut import BSTR
from impacket.dcerpc.v5.dcomrt import (
    DCOMANSWER,
    DCOMCALL,
    FLAGS_OBJREF_CUSTOM,
    FLAGS_OBJREF_EXTENDED,
    FLAGS_OBJREF_HANDLER,
    FLAGS_OBJREF_STANDARD,
    OBJREF,
    OBJREF_CUSTOM,
    OBJREF_EXTENDED,
    OBJREF_HANDLER,
    OBJREF_STANDARD,
    PMInterfacePointer,
)
from impacket.dcerpc.v5.dtypes import BOOL, DOUBLE, GUID, LONG, LPWSTR, NULL, PULONG, ULONG, USHORT
from impacket.dcerpc.v5.ndr import (
    NDRHYPER,
    NDRSTRUCT,
    NDRUniConformantArray,
    NDRUniConformantVaryingArray,
    NDRUSMALL,
)
from impacket.uuid import bin_to_string, string_to_bin


class POINT(NDRSTRUCT):
    structure = (("x", DOUBLE), ("y", DOUBLE))


class NAMED(NDRSTRUCT):
    structure = (("id", USHORT), ("name", LPWSTR), ("count", PULONG))


class LONGS(NDRUniConformantArray):
    item = "<l"


class NAMES(NDRUniConformantArray):
    item = LPWSTR


class UNITS(NDRUniConformantVaryingArray):
    item = "<H"


# No conformant array of hypers: impacket aligns its elements before it counts max_count.
FIELDS = (
    ("small", NDRUSMALL),
    ("hyper", NDRHYPER),
    ("flag", BOOL),
    ("text", LPWSTR),
    ("wide", DOUBLE),
    ("name", BSTR),
    ("point", POINT),
    ("id", GUID),
    ("longs", LONGS),
    ("short", USHORT),
    ("named", NAMED),
    ("names", NAMES),
    ("units", UNITS),
    ("object", PMInterfacePointer),
    ("nothing", LPWSTR),
    ("last", LONG),
)


class Call(DCOMCALL):
    structure = FIELDS


class Answer(DCOMANSWER):
    structure = FIELDS + (("ErrorCode", ULONG),)


CID = "00112233-4455-6677-8899-AABBCCDDEEFF"


def guid_text(raw):
    return bin_to_string(raw).lower()


def units_of(raw):
    return struct.unpack("<%dH" % (len(raw) // 2), raw) if isinstance(raw, bytes) else list(raw)


def body(message):
    named = message["named"]
    return {
        "small": message["small"],
        "hyper": str(message["hyper"]),
        "flag": bool(message["flag"]),
        "text": message["text"],
        "wide": message["wide"],
        "name": message["name"]["asData"],
        "point": {"x": message["point"]["x"], "y": message["point"]["y"]},
        "id": guid_text(message["id"]),
        "longs": list(message["longs"]),
        "short": message["short"],
        "named": {"id": named["id"], "name": named["name"], "count": named["count"]},
        "names": [item["Data"] for item in message["names"]],
        "units": list(units_of(message["units"])),
        "object": b"".join(message["object"]["abData"]).hex(),
        "last": message["last"],
    }


def extents_of(pointer):
    if pointer.fields["ReferentID"] == 0:
        return None
    array = pointer.fields["Data"]
    items = array["extent"].fields["Data"] if hasattr(array["extent"], "fields") else array["extent"]
    present = []
    for item in list(items)[: array["size"]]:
        extent = item.fields["Data"]
        data = b"".join(extent["data"])[: extent["size"]]
        present.append({"id": guid_text(extent["id"]), "data": data.hex()})
    return present


def parse_call(raw):
    message = Call(raw)
    this = message["ORPCthis"]
    return {
        "version": [this["version"]["MajorVersion"], this["version"]["MinorVersion"]],
        "flags": this["flags"],
        "cid": guid_text(this["cid"]),
        "extents": extents_of(this.fields["extensions"]),
        **body(message),
    }


def parse_answer(raw):
    message = Answer(raw)
    return {"flags": message["ORPCthat"]["flags"], "hr": message["ErrorCode"], **body(message)}


def std_of(std):
    return {
        "flags": std["flags"],
        "publicRefs": std["cPublicRefs"],
        "oxid": str(std["oxid"]),
        "oid": str(std["oid"]),
        "ipid": guid_text(std["ipid"]),
    }


def bindings_of(raw):
    entries, security = struct.unpack_from("<HH", raw)
    units = raw[4 : 4 + entries * 2].decode("utf-16le", "surrogatepass")
    return {"strings": units[:security], "security": units[security:], "length": len(raw)}


def parse_objref(raw):
    kinds = {
        FLAGS_OBJREF_STANDARD: OBJREF_STANDARD,
        FLAGS_OBJREF_HANDLER: OBJREF_HANDLER,
        FLAGS_OBJREF_CUSTOM: OBJREF_CUSTOM,
        FLAGS_OBJREF_EXTENDED: OBJREF_EXTENDED,
    }
    header = OBJREF(raw)
    objref = kinds[header["flags"]](raw)
    fields = {"signature": header["signature"], "flags": header["flags"], "iid": guid_text(header["iid"])}
    if header["flags"] == FLAGS_OBJREF_CUSTOM:
        fields["clsid"] = guid_text(objref["clsid"])
        fields["data"] = objref["pObjectData"].hex()
        return fields
    fields["std"] = std_of(objref["std"])
    if header["flags"] != FLAGS_OBJREF_EXTENDED:
        fields["bindings"] = bindings_of(objref["saResAddr"])
    if header["flags"] == FLAGS_OBJREF_HANDLER:
        fields["clsid"] = guid_text(objref["clsid"])
    return fields


def fill(message):
    message["small"] = 200
    message["hyper"] = -5
    message["flag"] = 1
    message["text"] = "text\0"
    message["wide"] = 2.5
    message["name"]["asData"] = "bstr"
    message["point"]["x"] = 1.5
    message["point"]["y"] = -1.5
    message["id"] = string_to_bin(CID)
    message["longs"] = [1, -2, 3]
    message["short"] = 65535
    message["named"]["id"] = 7
    message["named"]["name"] = "inner\0"
    message["named"]["count"] = 9
    for text in ("one\0", "three\0"):
        item = LPWSTR()
        item["Data"] = text
        message["names"].append(item)
    message["units"] = [104, 105]
    message["object"]["ulCntData"] = 5
    message["object"]["abData"] = [bytes([value]) for value in (1, 2, 3, 4, 5)]
    message["nothing"] = NULL
    message["last"] = -7
    return message


def build_call():
    message = fill(Call())
    this = message["ORPCthis"]
    this["version"]["MajorVersion"] = 5
    this["version"]["MinorVersion"] = 7
    this["flags"] = 0
    this["reserved1"] = 0
    this["cid"] = string_to_bin(CID)
    this["extensions"] = NULL
    return message.getData()


def build_answer():
    message = fill(Answer())
    message["ORPCthat"]["flags"] = 0
    message["ORPCthat"]["extensions"] = NULL
    message["ErrorCode"] = 0x80004005
    return message.getData()


def main():
    mode, what = sys.argv[1:]
    if mode == "build":
        print({"call": build_call, "answer": build_answer}[what]().hex())
        return
    raw = bytes.fromhex(sys.stdin.read())
    parsers = {"call": parse_call, "answer": parse_answer, "objref": parse_objref}
    print(json.dumps(parsers[what](raw)))


main()
