"""Reads and writes with impacket what impacket.test.ts reads and writes with the codec under test.

Usage: impacket_automation.py parse {variant|safearray|string|numbers} < hexes   JSON, one a line
       impacket_automation.py build < JSON [[vt, arm, value]...]                 hex, one a line

Every message is a parameter and a LONG behind it, which shows that nothing was left over.
"""

import json
import sys

from impacket.dcerpc.v5.dcom import oaut
from impacket.dcerpc.v5.dcom.oaut import BSTR, CURRENCY, DATE, DECIMAL, VARENUM
from impacket.dcerpc.v5.dcomrt import PMInterfacePointer
from impacket.dcerpc.v5.dtypes import GUID, LONG, ULONG, USHORT
from impacket.dcerpc.v5.ndr import NDRCALL, NDRPOINTER, NDRSTRUCT, NDRUNION, NDRUniConformantArray
from impacket.uuid import bin_to_string

# impacket has SAFEARRAYs without the pointers of [MS-OAUT] 2.2.30, so they are written down here
# once more, and read by its NDR engine. Arrays of hypers are left out: it misaligns them.


def pointer_to(target):
    class Pointer(NDRPOINTER):
        referent = (("Data", target),)

    return Pointer


def array_of(element):
    class Array(NDRUniConformantArray):
        item = element

    return Array


def sized(element):
    class Sized(NDRSTRUCT):
        structure = (("Size", ULONG), ("Elements", pointer_to(array_of(element))))

    return Sized


class HaveIid(NDRSTRUCT):
    structure = (
        ("Size", ULONG),
        ("Elements", pointer_to(array_of(PMInterfacePointer))),
        ("iid", GUID),
    )


class VariantPointer(NDRPOINTER):
    referent = ()


class Elements(NDRUNION):
    commonHdr = (("tag", ULONG),)
    union = {
        0x08: ("array", sized(BSTR)),
        0x0C: ("array", sized(VariantPointer)),
        0x800D: ("array", HaveIid),
        0x10: ("array", sized("<b")),
        0x02: ("array", sized("<h")),
        0x03: ("array", sized("<l")),
    }


class Bound(NDRSTRUCT):
    structure = (("cElements", ULONG), ("lLbound", LONG))


class SafeArray(NDRSTRUCT):
    structure = (
        ("cDims", USHORT),
        ("fFeatures", USHORT),
        ("cbElements", ULONG),
        ("cLocks", ULONG),
        ("uArrayStructs", Elements),
        ("rgsabound", array_of(Bound)),
    )


class Content(NDRUNION):
    commonHdr = (("tag", ULONG),)
    union = {
        **oaut.varUnion.union,
        VARENUM.VT_UI1_OR_VT_BYREF: ("pbVal", pointer_to(oaut.BYTE)),
        VARENUM.VT_VARIANT_OR_VT_BYREF: ("pvarVal", pointer_to(VariantPointer)),
        VARENUM.VT_ARRAY: ("parray", pointer_to(pointer_to(SafeArray))),
        VARENUM.VT_ARRAY_OR_VT_BYREF: ("pparray", pointer_to(pointer_to(pointer_to(SafeArray)))),
    }


class Variant(NDRSTRUCT):
    structure = (
        ("clSize", ULONG),
        ("rpcReserved", ULONG),
        ("vt", USHORT),
        ("wReserved1", USHORT),
        ("wReserved2", USHORT),
        ("wReserved3", USHORT),
        ("_varUnion", Content),
    )

    def getAlignment(self):
        return 8


VariantPointer.referent = (("Data", Variant),)


class VariantCall(NDRCALL):
    structure = (("value", VariantPointer), ("last", LONG))


class SafeArrayCall(NDRCALL):
    structure = (("value", pointer_to(pointer_to(SafeArray))), ("last", LONG))


class StringCall(NDRCALL):
    structure = (("value", BSTR), ("last", LONG))


class NumbersCall(NDRCALL):
    structure = (("cy", CURRENCY), ("date", DATE), ("decimal", DECIMAL), ("last", LONG))


def target_of(value):
    """What a pointer leads to, or what is no pointer; None for NULL."""
    while isinstance(value, NDRPOINTER):
        if value.fields["ReferentID"] == 0:
            return None
        value = value.fields["Data"]
    return value


def decimal_of(value):
    digits = (value["Hi32"] << 64) | value["Lo64"]
    return {"scale": value["scale"], "sign": value["sign"], "digits": str(digits)}


def string_of(blob):
    if blob is None:
        return None
    if blob["cBytes"] == 0xFFFFFFFF and blob["clSize"] == 0:
        return None
    return blob["asData"]


def shown(value):
    value = target_of(value)
    if isinstance(value, Variant):
        return variant_of(value)
    if isinstance(value, SafeArray):
        return array_shown(value)
    if isinstance(value, DECIMAL):
        return decimal_of(value)
    if isinstance(value, CURRENCY):
        return str(value["int64"])
    if isinstance(value, oaut.FLAGGED_WORD_BLOB):
        return string_of(value)
    if isinstance(value, oaut.MInterfacePointer):
        return b"".join(value["abData"]).hex()
    if hasattr(value, "fields") and "Data" in value.fields:
        value = value.fields["Data"]
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value


def variant_of(value):
    union = value["_varUnion"]
    if union["tag"] in (0, 1):
        return {"vt": value["vt"], "clSize": value["clSize"]}
    arm = union.fields[Content.union[union["tag"]][0]]
    return {"vt": value["vt"], "clSize": value["clSize"], "value": shown(arm)}


def array_shown(value):
    union = value["uArrayStructs"]
    arm = union["array"]
    elements = target_of(arm.fields["Elements"])
    items = elements.fields["Data"]
    fields = {
        "cDims": value["cDims"],
        "fFeatures": value["fFeatures"],
        "cbElements": value["cbElements"],
        "vt": value["cLocks"] >> 16,
        "sfType": union["tag"],
        "size": arm["Size"],
        "bounds": [[bound["cElements"], bound["lLbound"]] for bound in value["rgsabound"]],
        "elements": [shown(item) for item in items],
    }
    if isinstance(arm, HaveIid):
        fields["iid"] = bin_to_string(arm["iid"]).lower()
    return fields


def parse(kind, raw):
    calls = {"variant": VariantCall, "safearray": SafeArrayCall, "string": StringCall}
    if kind == "numbers":
        message = NumbersCall(raw)
        value = [shown(message.fields[name]) for name in ("cy", "date", "decimal")]
    else:
        message = calls[kind](raw)
        value = shown(message.fields["value"])
    return {"value": value, "last": message["last"]}


def fill(pointer, value):
    """Sets what a pointer, or several in a row, lead to."""
    if isinstance(pointer, BSTR):
        pointer["asData"] = value
    elif isinstance(value, list):
        write_variant(target_of(pointer), *value)
    else:
        target = pointer.fields["Data"]
        if isinstance(target, NDRPOINTER):
            fill(target, value)
        else:
            target.fields["Data"] = value


def write_variant(variant, vt, arm, value):
    variant["clSize"] = 0
    variant["rpcReserved"] = 0
    variant["vt"] = vt
    for name in ("wReserved1", "wReserved2", "wReserved3"):
        variant[name] = 0
    union = variant["_varUnion"]
    union["tag"] = vt
    if arm is None:
        return
    field = union.fields[arm]
    if isinstance(field, NDRPOINTER):
        fill(field, value)
    elif isinstance(value, dict):
        for name, part in value.items():
            field[name] = int(part) if isinstance(part, str) else part
    else:
        union[arm] = value


def build(vt, arm, value):
    message = VariantCall()
    write_variant(target_of(message.fields["value"]), vt, arm, value)
    message["last"] = 7
    return message.getData()


def main():
    if sys.argv[1] == "build":
        for vt, arm, value in json.load(sys.stdin):
            print(build(vt, arm, value).hex())
        return
    for line in sys.stdin.read().split():
        print(json.dumps(parse(sys.argv[2], bytes.fromhex(line))))


main()
