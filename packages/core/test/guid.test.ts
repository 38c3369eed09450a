import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GUID_NULL, guid, guidFromBytes, guidToBytes, isGuid } from "../src/index.ts";

const TEXT = "00112233-4455-6677-8899-aabbccddeeff";

/** In memory the first three fields are little-endian, the last eight bytes are as written. */
const BYTES = [
  0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
];

const any16Bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe("guid", () => {
  test.each([
    ["bare", TEXT],
    ["in braces", `{${TEXT}}`],
    ["in capitals", TEXT.toUpperCase()],
    ["in braces and capitals", `{${TEXT.toUpperCase()}}`],
  ])("gives the canonical form of a GUID %s", (_how, text) => {
    expect(guid(text)).toBe(TEXT);
  });

  test.each([
    ["the empty string", ""],
    ["too few digits", TEXT.slice(1)],
    ["too many digits", `${TEXT}0`],
    ["a letter that is no digit", TEXT.replace("f", "g")],
    ["no hyphens", TEXT.replaceAll("-", "")],
    ["a space before it", ` ${TEXT}`],
    ["a line break after it", `${TEXT}\n`],
    ["a number", 7],
    ["nothing", undefined],
    ["null", null],
  ])("refuses %s", (_what, text) => {
    expect(() => guid(text as string)).toThrow(TypeError);
  });

  test("quotes what it refuses", () => {
    expect(() => guid("{nonsense}")).toThrow('"{nonsense}"');
  });
});

describe("isGuid", () => {
  test.each([TEXT, `{${TEXT}}`, TEXT.toUpperCase()])("takes %s", (text) => {
    expect(isGuid(text)).toBe(true);
  });

  test.each([
    ["a GUID cut short", TEXT.slice(0, 35)],
    ["a number", 5],
    ["null", null],
  ])("refuses %s", (_what, value) => {
    expect(isGuid(value)).toBe(false);
  });
});

describe("GUIDs as bytes", () => {
  test("the first three fields are little-endian", () => {
    const bytes = new Uint8Array(16);

    guidToBytes(guid(TEXT), bytes);

    expect([...bytes]).toEqual(BYTES);
  });

  test("a GUID is written at its offset and nowhere else", () => {
    const bytes = new Uint8Array(20).fill(0x5a);

    guidToBytes(guid(TEXT), bytes, 2);

    expect([...bytes]).toEqual([0x5a, 0x5a, ...BYTES, 0x5a, 0x5a]);
  });

  test("a GUID is read at its offset", () => {
    expect(guidFromBytes(Uint8Array.from([1, 2, 3, ...BYTES]), 3)).toBe(TEXT);
  });

  test("16 zeros are GUID_NULL", () => {
    expect(guidFromBytes(new Uint8Array(16))).toBe(GUID_NULL);
  });

  test("any 16 bytes come back from their text", () => {
    fc.assert(
      fc.property(any16Bytes, (bytes) => {
        const again = new Uint8Array(16);

        guidToBytes(guidFromBytes(bytes), again);

        expect(again).toEqual(bytes);
      }),
    );
  });

  test("the text of any 16 bytes is canonical", () => {
    fc.assert(
      fc.property(any16Bytes, (bytes) => {
        const text = guidFromBytes(bytes);

        expect(guid(text.toUpperCase())).toBe(text);
      }),
    );
  });
});
