"""Reads and writes with impacket the types of impacket.test.ts.

Usage: impacket_structural.py parse < hex   prints the fields as JSON
       impacket_structural.py build         prints hex
"""

import json
import sys

from impacket.dcerpc.v5.dtypes import DWORD, LONG, LPSTR, LPWSTR, STR, WSTR
from impacket.dcerpc.v5.ndr import (
    NDRCALL,
    NDRPOINTER,
    NDRSTRUCT,
    NDRUNION,
    NDRUniConformantArray,
    NDRUniVaryingArray,
    NDRSHORT,
    NDRUSHORT,
)


class VARYING(NDRUniVaryingArray):
    item = "<H"


class LONGS(NDRUniConformantArray):
    item = "<l"


class PLONGS(NDRPOINTER):
    referent = (("Data", LONGS),)


class SIZED(NDRSTRUCT):
    structure = (("n", DWORD), ("p", PLONGS))


class TAIL(NDRSTRUCT):
    structure = (("n", NDRUSHORT), ("a", LONGS))


class PSIZED(NDRPOINTER):
    referent = (("Data", SIZED),)


class CHOICE(NDRUNION):
    commonHdr = (("tag", DWORD),)
    union = {1: ("s", NDRSHORT), 3: ("text", LPWSTR), 5: ("sized", PSIZED)}


class LEVEL(NDRSTRUCT):
    structure = (("level", DWORD), ("choice", CHOICE))


# A list of three: impacket makes all of a type at once, so that it cannot contain itself.
class NODE3(NDRSTRUCT):
    structure = (("value", LONG), ("next", DWORD))


class PNODE3(NDRPOINTER):
    referent = (("Data", NODE3),)


class NODE2(NDRSTRUCT):
    structure = (("value", LONG), ("next", PNODE3))


class PNODE2(NDRPOINTER):
    referent = (("Data", NODE2),)


class NODE1(NDRSTRUCT):
    structure = (("value", LONG), ("next", PNODE2))


class PNODE1(NDRPOINTER):
    referent = (("Data", NODE1),)


class Call(NDRCALL):
    structure = (
        ("wide", WSTR),
        ("narrow", STR),
        ("maybe", LPSTR),
        ("first", DWORD),
        ("part", VARYING),
        ("short", CHOICE),
        ("text", LEVEL),
        ("deep", LEVEL),
        ("tail", TAIL),
        ("list", PNODE1),
        ("last", LONG),
        ("whole", LONGS),
    )


def parse(raw):
    message = Call(raw)
    first = message["list"]
    deep = message["deep"]["choice"]
    return {
        "wide": message["wide"],
        "narrow": message["narrow"],
        "maybe": message["maybe"],
        "part": [message.fields["part"].fields["Offset"], list(message["part"])],
        "short": [message["short"]["tag"], message["short"]["s"]],
        "text": [message["text"]["level"], message["text"]["choice"]["text"]],
        "deep": [deep["tag"], deep["sized"]["n"], list(deep["sized"]["p"])],
        "tail": [message["tail"]["n"], list(message["tail"]["a"])],
        "list": [first["value"], first["next"]["value"], first["next"]["next"]["value"]],
        "last": message["last"],
        "whole": list(message["whole"]),
    }


def build():
    message = Call()
    message["wide"] = "abc\0"
    message["narrow"] = "de\0"
    message["maybe"] = "f\0"
    message["first"] = 1
    message["part"] = [7, 8]
    message.fields["part"].fields["Offset"] = 1
    message["short"]["tag"] = 1
    message["short"]["s"] = -2
    message["text"]["level"] = 3
    message["text"]["choice"]["tag"] = 3
    message["text"]["choice"]["text"] = "g\0"
    message["deep"]["level"] = 5
    message["deep"]["choice"]["tag"] = 5
    message["deep"]["choice"]["sized"]["n"] = 2
    message["deep"]["choice"]["sized"]["p"] = [4, -5]
    message["tail"]["n"] = 3
    message["tail"]["a"] = [1, 2, 3]
    message["list"]["value"] = 1
    message["list"]["next"]["value"] = 2
    message["list"]["next"]["next"]["value"] = 3
    message["list"]["next"]["next"]["next"] = 0
    message["last"] = 2
    message["whole"] = [7, 8, 9]
    return message.getData()


def main():
    if sys.argv[1] == "build":
        print(build().hex())
    else:
        print(json.dumps(parse(bytes.fromhex(sys.stdin.read()))))


main()
