import {
  defineInterface,
  guid,
  IUnknown,
  LONG,
  type Method,
  method,
  param,
  RPC_E_INVALID_HEADER,
  RPC_E_VERSION_MISMATCH,
  S_OK,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import {
  COM_VERSION,
  methodCodec,
  NdrReader,
  NdrWriter,
  type OrpcThis,
  readOrpcThat,
  readOrpcThis,
  writeOrpcThat,
  writeOrpcThis,
} from "../src/index.ts";
import { bytesHost } from "./calls.ts";
import { bytesOf, golden, hexOf } from "./hex.ts";

const CID = guid("00112233-4455-6677-8899-aabbccddeeff");
const BARE: OrpcThis = { version: COM_VERSION, flags: 0, cid: CID, extents: null };

const ICalculator = defineInterface({
  name: "ICalculator",
  iid: "db7eddea-29c2-43dd-b5b5-e7708c12b790",
  base: IUnknown,
  methods: [
    method("Add", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)]),
  ] as const,
});
const add = methodCodec(ICalculator.members.get("Add") as Method);

describe("a whole call", () => {
  test("the request of Add(40, 2) is the golden one", () => {
    const writer = new NdrWriter();

    writeOrpcThis(writer, BARE);
    add.encodeRequest(writer, [40, 2], bytesHost);

    expect(hexOf(writer.bytes())).toBe(hexOf(golden("add-40-2")));
  });

  test("the golden request reads as Add(40, 2)", () => {
    const reader = new NdrReader(golden("add-40-2"));

    const header = readOrpcThis(reader);
    const args = add.decodeRequest(reader, bytesHost);

    expect(header).toEqual(BARE);
    expect(args).toEqual([40, 2]);
    expect(reader.remaining).toBe(0);
  });

  test("the reply is the golden one, and reads back", () => {
    const writer = new NdrWriter();
    writeOrpcThat(writer, { flags: 0, extents: null });
    add.encodeReply(writer, [42], [40, 2], S_OK, bytesHost);
    const reader = new NdrReader(golden("add-40-2-reply"));

    const header = readOrpcThat(reader);
    const { hr, outs } = add.decodeReply(reader, [40, 2], bytesHost);

    expect(hexOf(writer.bytes())).toBe(hexOf(golden("add-40-2-reply")));
    expect({ header, hr, outs }).toEqual({
      header: { flags: 0, extents: null },
      hr: 0,
      outs: [42],
    });
  });
});

describe("extents", () => {
  const one = { id: guid("00000334-0000-0000-c000-000000000046"), data: Uint8Array.of(1, 2, 3) };
  const two = { id: guid("0000031c-0000-0000-c000-000000000046"), data: new Uint8Array(8).fill(7) };

  test("an odd number is filled up with NULL, and data to a multiple of eight", () => {
    const writer = new NdrWriter();

    writeOrpcThat(writer, { flags: 1, extents: [one] });

    // [MS-DCOM] 2.2.13.4, 2.2.21.2, 2.2.21.3
    const expected = `
      01000000 00000200
      01000000 00000000 04000200
      02000000 08000200 00000000
      08000000 34030000 0000 0000 c000 000000000046 03000000 010203 0000000000`;
    expect(hexOf(writer.bytes())).toBe(hexOf(bytesOf(expected)));
  });

  test.each([[[]], [[one]], [[one, two]], [[two, one, two]]])("%# come back", (extents) => {
    const writer = new NdrWriter();

    writeOrpcThis(writer, { ...BARE, extents });
    writer.writeUint32(0x12345678);
    const reader = new NdrReader(writer.bytes());

    expect(readOrpcThis(reader)).toEqual({ ...BARE, extents });
    expect(reader.readUint32()).toBe(0x12345678);
  });
});

describe("bad headers", () => {
  test("another major version is RPC_E_VERSION_MISMATCH", () => {
    const bytes = golden("add-40-2").fill(6, 0, 1);

    expect(() => readOrpcThis(new NdrReader(bytes))).toThrow(
      expect.objectContaining({ hr: RPC_E_VERSION_MISMATCH }),
    );
  });

  test("a lower minor version is accepted and told", () => {
    const bytes = golden("add-40-2").fill(1, 2, 3);

    expect(readOrpcThis(new NdrReader(bytes)).version).toEqual({ major: 5, minor: 1 });
  });

  test("every cut of an ORPCTHIS is RPC_E_INVALID_HEADER", () => {
    const bytes = golden("add-40-2").subarray(0, 32);

    for (let length = 0; length < bytes.length; length++) {
      expect(() => readOrpcThis(new NdrReader(bytes.subarray(0, length)))).toThrow(
        expect.objectContaining({ hr: RPC_E_INVALID_HEADER }),
      );
    }
  });

  test("more extents than bytes are RPC_E_INVALID_HEADER, without an allocation", () => {
    const bytes = bytesOf("00000000 01000000 feffffff 00000000 01000000 feffffff");

    expect(() => readOrpcThat(new NdrReader(bytes))).toThrow(
      expect.objectContaining({ hr: RPC_E_INVALID_HEADER }),
    );
  });
});
