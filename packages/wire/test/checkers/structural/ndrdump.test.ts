import {
  arm,
  array,
  BYTE,
  enumeration,
  GUID,
  LONG,
  LONGLONG,
  LPWSTR,
  method,
  param,
  ref,
  stringOf,
  struct,
  switchIs,
  type Type,
  ULONG,
  union,
  unique,
  USHORT,
  WCHAR,
} from "@callfactory/core";
import { expect, test } from "vitest";
import { placed, reply, request } from "../../calls.ts";
import { CID } from "../call-bytes.ts";
import { runNdrdump } from "../run-tool.ts";

// Interfaces as ndrdump's own IDL describes them: what a return value is, is all the same here.

function requestOf(types: Readonly<Record<string, Type>>, args: readonly unknown[]): Uint8Array {
  const params = Object.entries(types).map(([name, type]) => param.in(name, type));
  return request(placed(method("Take", params)), args);
}

const ECHO_ENUM1 = enumeration("echo_Enum1", { ECHO_ENUM1: 1, ECHO_ENUM2: 2 });
const ECHO_ENUM1_32 = enumeration("echo_Enum1_32", { ECHO_ENUM1: 1 }, { v1: true });
const ECHO_ENUM2 = struct("echo_Enum2", { e1: ECHO_ENUM1, e2: ECHO_ENUM1_32 });
const ECHO_ENUM3 = union("echo_Enum3", USHORT, [arm(1, ECHO_ENUM1), arm(2, ECHO_ENUM2)]);
const TEST_ENUM = {
  foo1: ECHO_ENUM1,
  foo2: ECHO_ENUM2,
  foo3: switchIs(ECHO_ENUM3, "foo1"),
};

const INFO1 = struct("echo_info1", { v: BYTE });
const INFO4 = struct("echo_info4", { v: LONGLONG });
const ECHO_INFO = union("echo_Info", USHORT, [
  arm(1, INFO1),
  arm(4, INFO4),
  arm(5, struct("echo_info5", { v1: BYTE, v2: LONGLONG })),
  arm(7, struct("echo_info7", { v1: BYTE, info4: INFO4 })),
]);

/** The reply of echo_TestCall2, and the request that tells its level. */
function testCall2(level: number, value: unknown): [Uint8Array, Uint8Array] {
  const of = placed(
    method("M", [param.in("level", USHORT), param.out("info", switchIs(ECHO_INFO, "level"))]),
  );
  return [reply(of, [{ tag: level, value }], { ins: [level] }), request(of, [level])];
}

const SHARE1 = struct("NetShareInfo1", { name: LPWSTR, type: ULONG, comment: LPWSTR });
const SHARES1 = struct("NetShareCtr1", {
  count: ULONG,
  array: unique(array(SHARE1, { sizeIs: "count" })),
});
const SHARES = union("NetShareCtr", ULONG, [arm(1, unique(SHARES1))]);
const ENUM_ALL = {
  server_unc: LPWSTR,
  info_ctr: struct("NetShareInfoCtr", { level: ULONG, ctr: switchIs(SHARES, "level") }),
  max_buffer: ULONG,
  resume_handle: unique(ULONG),
};

// Really sized in bytes, half of which no extent here can say: all strings have num_names units.
const UNITS = array(WCHAR, { sizeIs: "num_names", lengthIs: "num_names" });
const LSA_STRING = struct("lsa_String", { length: USHORT, size: USHORT, string: unique(UNITS) });
const HANDLE = struct("policy_handle", { handle_type: ULONG, uuid: GUID });

test.each<[what: string, target: string, bytes: Uint8Array, shown: RegExp]>([
  [
    "enumerations of 2 and of 4 bytes, and a union told apart by one",
    "rpcecho echo_TestEnum in",
    requestOf(TEST_ENUM, [2, { e1: 1, e2: 1 }, { tag: 2, value: { e1: 2, e2: 1 } }]),
    /foo3 +: union echo_Enum3\(case 2\)/,
  ],
  [
    "pointers to pointers",
    "rpcecho echo_TestDoublePointer in",
    requestOf({ data: ref(unique(unique(USHORT))) }, [7]),
    /0x0007/,
  ],
  [
    "a union of pointers to arrays of structures with strings",
    "srvsvc srvsvc_NetShareEnumAll in",
    requestOf(ENUM_ALL, [
      "\\\\srv",
      {
        level: 1,
        ctr: {
          tag: 1,
          value: {
            count: 2,
            array: [
              { name: "a", type: 1, comment: null },
              { name: "bcd", type: 2, comment: "e" },
            ],
          },
        },
      },
      99,
      5,
    ]),
    /'bcd'/,
  ],
  [
    "[unique] and [ref] strings",
    "srvsvc srvsvc_NetShareGetInfo in",
    requestOf({ unc: LPWSTR, name: ref(stringOf(WCHAR)), level: ULONG }, [null, "share", 1]),
    /share_name +: 'share'/,
  ],
  [
    "a policy handle",
    "lsarpc lsa_Close in",
    requestOf({ handle: HANDLE }, [{ handle_type: 0, uuid: CID }]),
    /policy_handle/,
  ],
])("ndrdump reads, and writes the same bytes: %s", (_what, target, bytes, shown) => {
  const output = runNdrdump(target, bytes);

  expect(output).toContain("dump OK");
  expect(output).not.toMatch(/WARNING|unread bytes/i);
  expect(output).toMatch(shown);
});

test.each<[level: number, value: unknown, shown: RegExp]>([
  [1, { v: 9 }, /v +: 0x09/],
  [4, { v: -2n }, /0xfffffffffffffffe/],
  [5, { v1: 9, v2: 3n }, /v2 +: 0x0000000000000003/],
  [7, { v1: 9, info4: { v: 3n } }, /v +: 0x0000000000000003/],
])("ndrdump reads, and writes the same bytes: arm %d of a union", (level, value, shown) => {
  const [bytes, context] = testCall2(level, value);

  const output = runNdrdump("rpcecho echo_TestCall2 out", bytes, { request: context });

  expect(output).toContain("dump OK");
  expect(output).not.toMatch(/WARNING|unread bytes/i);
  expect(output).toMatch(shown);
});

test("ndrdump does not read a union whose tag is another than its switch_is", () => {
  const bytes = requestOf({ ...TEST_ENUM, foo3: ECHO_ENUM3 }, [
    1,
    { e1: 1, e2: 1 },
    { tag: 2, value: { e1: 2, e2: 1 } },
  ]);

  expect(() => runNdrdump("rpcecho echo_TestEnum in", bytes)).toThrow(/Bad Switch/);
});

test("ndrdump reads an array of structures that point to conformant varying arrays", () => {
  const bytes = requestOf(
    {
      handle: HANDLE,
      num_names: ULONG,
      names: array(LSA_STRING, { sizeIs: "num_names" }),
      sids: struct("lsa_TransSidArray", { count: ULONG, sids: unique(LONG) }),
      level: USHORT,
      count: unique(ULONG),
    },
    [
      { handle_type: 0, uuid: CID },
      2,
      [
        { length: 4, size: 4, string: Uint16Array.of(0x68, 0x69) },
        { length: 4, size: 4, string: Uint16Array.of(0x6a, 0x6b) },
      ],
      { count: 0, sids: null },
      1,
      0,
    ],
  );

  const output = runNdrdump("lsarpc lsa_LookupNames in", bytes);

  expect(output).toContain("dump OK");
  expect(output).toMatch(/'hi'/);
  expect(output).toMatch(/'jk'/);
});
