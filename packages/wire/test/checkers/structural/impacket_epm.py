"""Reads with impacket the messages of epm.test.ts.

Usage: impacket_epm.py {request|answer} < hex   prints the fields of ept_lookup as JSON
"""

import json
import sys

from impacket.dcerpc.v5.epm import ept_lookup, ept_lookupResponse
from impacket.uuid import bin_to_string


def guid(raw):
    return bin_to_string(raw).lower()


def is_null(pointer):
    return pointer.fields["ReferentID"] == 0


def request(raw):
    message = ept_lookup(raw)
    uuid, interface = message.fields["object"], message.fields["Ifid"]
    return {
        "object": None if is_null(uuid) else guid(uuid["Data"]),
        "interface": None if is_null(interface) else guid(interface["Uuid"]),
        "max_ents": message["max_ents"],
    }


def entry_of(entry):
    tower = entry.fields["tower"]
    return {
        "object": guid(entry["object"]),
        "tower": None if is_null(tower) else b"".join(tower["tower_octet_string"]).hex(),
        "annotation": b"".join(entry["annotation"]).decode(),
    }


def answer(raw):
    message = ept_lookupResponse(raw)
    return {
        "num_ents": message["num_ents"],
        "entries": [entry_of(entry) for entry in message["entries"]],
        "status": message["status"],
    }


readers = {"request": request, "answer": answer}
print(json.dumps(readers[sys.argv[1]](bytes.fromhex(sys.stdin.read()))))
