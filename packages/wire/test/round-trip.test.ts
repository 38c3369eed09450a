import { array, BSTR, BYTE, LONG, method, param, typeName, ULONG, USHORT } from "@callfactory/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyTyped, LEAVES } from "./arbitraries.ts";
import { argsOf, placed, reply, replyOf, request, takes } from "./calls.ts";

describe("every simple type comes back from a request and a reply", () => {
  test.each(LEAVES.map((leaf) => [typeName(leaf.type), leaf] as const))("%s", (_name, leaf) => {
    const both = placed(method("Both", [param.in("pad", BYTE), param.inout("value", leaf.type)]));

    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), leaf.values, (pad, value) => {
        const args = argsOf(both, request(both, [pad, value]));
        const { outs } = replyOf(both, reply(both, [value], { ins: args }), { ins: args });

        expect({ args, outs }).toEqual({ args: [pad, value], outs: [value] });
      }),
      { numRuns: 200 },
    );
  });
});

test("every nested type comes back, to the last byte of the message", () => {
  const anyCall = anyTyped.chain(({ type, values }) =>
    values.map((value) => ({ method: takes(type), value })),
  );

  fc.assert(
    fc.property(anyCall, ({ method: of, value }) => {
      const bytes = request(of, [value]);
      const args = argsOf(of, bytes);

      expect(args).toEqual([value]);
      expect(request(of, args)).toEqual(bytes);
    }),
    { numRuns: 3000 },
  );
}, 120_000);

test("the same value makes the same bytes whatever the buffer held before", () => {
  fc.assert(
    fc.property(
      anyTyped.chain(({ type, values }) => fc.tuple(fc.constant(type), values)),
      (call) => {
        const [type, value] = call;
        const of = takes(type);

        expect(request(of, [value], undefined, 0xff)).toEqual(
          request(of, [value], undefined, 0x00),
        );
      },
    ),
    { numRuns: 500 },
  );
}, 120_000);

describe("arrays that parameters size", () => {
  const pull = placed(
    method("Pull", [
      param.out("buf", array(LONG, { sizeIs: "cRequest", lengthIs: "pcReturned" })),
      param.in("cRequest", ULONG),
      param.out("pcReturned", ULONG),
    ]),
  );
  const push = placed(
    method("Push", [
      param.in("names", array(BSTR, { sizeIs: "count" })),
      param.in("count", USHORT),
    ]),
  );

  test("an [out] array of any length up to its size comes back", () => {
    fc.assert(
      fc.property(fc.int32Array({ maxLength: 20 }), fc.nat(100), (values, spare) => {
        const ins = [values.length + spare];

        const { outs } = replyOf(pull, reply(pull, [values, values.length], { ins }), { ins });

        expect(outs).toEqual([values, values.length]);
      }),
    );
  });

  test("an [in] array longer than its size_is is sent up to it", () => {
    expect(argsOf(push, request(push, [["a", null, "c"], 2]))).toEqual([["a", null], 2]);
  });
});
