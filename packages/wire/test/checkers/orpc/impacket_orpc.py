"""Reads with impacket the messages of impacket.test.ts.

Usage: impacket_orpc.py NAME < hex   prints the fields of a message of that name as JSON
"""

import json
import sys

from impacket.dcerpc.v5 import dcomrt
from impacket.dcerpc.v5.dcomrt import (
    DCOMANSWER,
    DCOMCALL,
    HRESULT_ARRAY,
    IID_ARRAY,
    OBJREF_EXTENDED,
    REFIPID,
    REMQIRESULT,
    PMInterfacePointer_ARRAY,
)
from impacket.dcerpc.v5.dtypes import ULONG, USHORT
from impacket.dcerpc.v5.ndr import NDRPOINTER, NDRUniConformantArray
from impacket.uuid import bin_to_string


class RESULTS(NDRUniConformantArray):
    item = REMQIRESULT


class PRESULTS(NDRPOINTER):
    referent = (("Data", RESULTS),)


# impacket's own has one result and no array: it takes the max_count for its HRESULT.
class Results(DCOMANSWER):
    structure = (("ppQIResults", PRESULTS), ("ErrorCode", ULONG))


# impacket has the types of IRemUnknown2 without its method.
class RemQueryInterface2(DCOMCALL):
    structure = (("ripid", REFIPID), ("cIids", USHORT), ("iids", IID_ARRAY))


class RemQueryInterface2Response(DCOMANSWER):
    structure = (("phr", HRESULT_ARRAY), ("ppMIF", PMInterfacePointer_ARRAY), ("ErrorCode", ULONG))


def guid(raw):
    return bin_to_string(raw).lower()


def bytes_of(pointer):
    if pointer.fields["ReferentID"] == 0:
        return None
    return b"".join(pointer["abData"]).hex()


def std_of(std):
    return [std["flags"], std["cPublicRefs"], str(std["oxid"]), str(std["oid"]), guid(std["ipid"])]


def extents_of(header):
    pointer = header.fields["extensions"]
    if pointer.fields["ReferentID"] == 0:
        return []
    array = pointer.fields["Data"]
    found = []
    for item in list(array["extent"])[: array["size"]]:
        extent = item.fields["Data"]
        found.append([guid(extent["id"]), b"".join(extent["data"])[: extent["size"]].hex()])
    return found


def simple_ping(raw):
    return str(dcomrt.SimplePing(raw)["pSetId"])


def complex_ping_answer(raw):
    message = dcomrt.ComplexPingResponse(raw)
    return [str(message["pSetId"]), message["pPingBackoffFactor"], message["ErrorCode"]]


def complex_ping(raw):
    message = dcomrt.ComplexPing(raw)
    counts = [message[name] for name in ("SequenceNum", "cAddToSet", "cDelFromSet")]
    oids = [[str(oid["Data"]) for oid in message[name]] for name in ("AddToSet", "DelFromSet")]
    return [str(message["pSetId"]), *counts, *oids]


def query(raw):
    message = dcomrt.RemQueryInterface(raw)
    iids = [guid(item["Data"]) for item in message["iids"]]
    return [guid(message["ripid"]), message["cRefs"], message["cIids"], iids]


def query_answer(raw):
    message = Results(raw)
    results = [[item["hResult"], *std_of(item["std"])] for item in message["ppQIResults"]]
    return [results, message["ErrorCode"]]


def query2(raw):
    message = RemQueryInterface2(raw)
    return [guid(message["ripid"]), message["cIids"], [guid(item["Data"]) for item in message["iids"]]]


def query2_answer(raw):
    message = RemQueryInterface2Response(raw)
    packets = [bytes_of(item) for item in message["ppMIF"]]
    return [[item["Data"] & 0xFFFFFFFF for item in message["phr"]], packets, message["ErrorCode"]]


def release_answer(raw):
    message = dcomrt.RemReleaseResponse(raw)
    return [extents_of(message["ORPCthat"]), message["ErrorCode"]]


def extended(raw):
    objref = OBJREF_EXTENDED(raw)
    bindings = objref["saResAddr"]
    element = objref.fields["ElmArray"]
    return {
        "std": std_of(objref["std"]),
        "entries": bindings["wNumEntries"],
        "signatures": [objref["Signature1"], objref["Signature2"]],
        "elements": objref["nElms"],
        "id": guid(element["dataID"]),
        "sizes": [element["cbSize"], element["cbRounded"]],
        "data": element["Data"][: element["cbSize"]].hex(),
    }


READERS = {
    "SimplePing": simple_ping,
    "ComplexPing": complex_ping,
    "ComplexPing answer": complex_ping_answer,
    "RemQueryInterface": query,
    "RemQueryInterface answer": query_answer,
    "RemQueryInterface2": query2,
    "RemQueryInterface2 answer": query2_answer,
    "RemRelease answer": release_answer,
    "extended OBJREF": extended,
}

print(json.dumps(READERS[sys.argv[1]](bytes.fromhex(sys.stdin.read()))))
