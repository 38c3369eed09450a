import {
  array,
  BYTE,
  checkArgs,
  method,
  param,
  struct,
  type Type,
  typeName,
  unique,
  VARIANT,
} from "@callfactory/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argsOf, placed, reply, replyOf, request, takes } from "../calls.ts";
import { anyVariant, AUTOMATION } from "./arbitraries.ts";

/** What a reader makes of `type`, from bytes that were written after one byte. */
function both(type: Type) {
  return placed(method("Both", [param.inout("pad", BYTE), param.inout("value", type)]));
}

describe("every type of OLE Automation comes back from a request and a reply", () => {
  test.each(AUTOMATION.map((typed) => [typeName(typed.type), typed] as const))("%s", (_, typed) => {
    const of = both(typed.type);

    fc.assert(
      fc.property(typed.values, (value) => {
        const bytes = request(of, [7, value]);
        const args = argsOf(of, bytes);
        const { outs } = replyOf(of, reply(of, args, { ins: args }), { ins: args });

        expect(args).toEqual([7, value]);
        expect(outs).toEqual([7, value]);
        expect(request(of, args)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });
});

test("what was read is what may be passed on", () => {
  const of = takes(VARIANT);
  const isPointer = (value: unknown): boolean => value instanceof Uint8Array;

  fc.assert(
    fc.property(anyVariant, (value) => {
      expect(checkArgs(of, [value], isPointer)).toEqual([value]);
    }),
    { numRuns: 300 },
  );
});

test("gaps are zero, whatever the buffer held before", () => {
  const of = takes(VARIANT);

  fc.assert(
    fc.property(anyVariant, (value) => {
      expect(request(of, [value], undefined, 0xff)).toEqual(request(of, [value], undefined, 0));
    }),
    { numRuns: 500 },
  );
});

test("VARIANTs in structures, in arrays and behind pointers come back", () => {
  const pair = struct("PAIR", { tag: BYTE, value: VARIANT });
  const of = placed(
    method("Nested", [
      param.in("pairs", array(pair, {})),
      param.in("none", unique(VARIANT)),
      param.in("last", unique(VARIANT)),
    ]),
  );

  fc.assert(
    fc.property(fc.array(anyVariant, { maxLength: 3 }), anyVariant, (variants, last) => {
      const args = [variants.map((value) => ({ tag: 1, value })), null, last];

      expect(argsOf(of, request(of, args))).toEqual(args);
    }),
    { numRuns: 300 },
  );
});

test("a VARIANT that a server leaves unset is VT_EMPTY", () => {
  const of = placed(method("Get", [param.retval("value", VARIANT)]));

  const { outs } = replyOf(of, reply(of, [undefined]));

  expect(outs).toEqual([{ vt: 0, value: undefined }]);
});
