import {
  array,
  lazy,
  LONG,
  method,
  param,
  ptr,
  ref,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  RPC_E_SERVER_CANTUNMARSHAL_DATA,
  struct,
  type Type,
  unique,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { argsOf, placed, reply, replyOf, request, takes } from "./calls.ts";
import { bytesOf, hexOf } from "./hex.ts";
import { holdsBothWays } from "./vectors.ts";

interface Node {
  value: number;
  next: Node | null;
}
const RING = struct("RING", { value: LONG, next: ptr(lazy<Node>((): Type => RING)) });
const LIST = struct("LIST", { value: LONG, next: unique(lazy<Node>((): Type => LIST)) });
const POINT = struct("POINT", { x: LONG });
const LONGS = array(LONG, {});
const PAIR = struct("PAIR", { a: ptr(POINT), b: ptr(POINT) });

/** A chain of `length` nodes; the last one leads to `end`. */
function chain(length: number, end: Node | null = null): Node {
  let node = end;
  for (let value = length; value > 0; value--) node = { value, next: node };
  return node as Node;
}

describe("[ptr] (C706 14.3.12.2)", () => {
  holdsBothWays([
    ["a referent id and a referent", ptr(LONG), 7, "00000200 07000000"],
    ["NULL", ptr(LONG), null, "00000000"],
    [
      "two objects that are equal are two referents",
      PAIR,
      { a: { x: 1 }, b: { x: 1 } },
      "00000200 04000200 01000000 01000000",
    ],
    ["of [ptr]", ptr(ptr(POINT)), { x: 5 }, "00000200 04000200 05000000"],
  ]);

  test("one object is one referent, behind the first pointer to it", () => {
    const shared = { x: 1 };
    const hex = "00000200 00000200 01000000";

    const [pair] = argsOf(takes(PAIR), bytesOf(hex)) as [{ a: object; b: object }];

    expect(hexOf(request(takes(PAIR), [{ a: shared, b: shared }]))).toBe(hexOf(bytesOf(hex)));
    expect(pair).toEqual({ a: shared, b: shared });
    expect(pair.a).toBe(pair.b);
  });

  test("parameters share too", () => {
    const of = placed(method("Take", [param.in("p", ptr(POINT)), param.in("q", ptr(POINT))]));
    const shared = { x: 1 };

    const bytes = request(of, [shared, shared]);
    const [p, q] = argsOf(of, bytes);

    expect(hexOf(bytes)).toBe(hexOf(bytesOf("00000200 01000000 00000200")));
    expect(p).toBe(q);
  });

  test("a node that leads to itself", () => {
    const node: Node = { value: 1, next: null };
    node.next = node;
    const of = takes(ptr(RING));

    const bytes = request(of, [node]);
    const [read] = argsOf(of, bytes) as [Node];

    expect(hexOf(bytes)).toBe(hexOf(bytesOf("00000200 01000000 00000200")));
    expect(read.next).toBe(read);
  });

  test("a ring of three", () => {
    const last: Node = { value: 3, next: null };
    last.next = chain(2, last);

    const [read] = argsOf(takes(ptr(RING)), request(takes(ptr(RING)), [last.next])) as [Node];

    expect(read.next?.next?.next).toBe(read);
    expect([read.value, read.next?.value, read.next?.next?.value]).toEqual([1, 2, 3]);
  });

  test("an array is shared like any other object", () => {
    const HOLDER = struct("HOLDER", { a: ptr(LONGS), b: ptr(LONGS) });
    const shared = Int32Array.of(1, 2);

    const bytes = request(takes(HOLDER), [{ a: shared, b: shared }]);
    const [read] = argsOf(takes(HOLDER), bytes) as [{ a: unknown; b: unknown }];

    expect(hexOf(bytes)).toBe(hexOf(bytesOf("00000200 00000200 02000000 01000000 02000000")));
    expect(read.a).toBe(read.b);
  });

  test("what is new in a reply does not look like what was in the request", () => {
    const of = placed(method("Take", [param.inout("p", ptr(POINT))]));

    const bytes = reply(of, [{ x: 1 }], { ins: [{ x: 1 }] });

    expect(hexOf(bytes)).toBe(hexOf(bytesOf("00000280 01000000 00000000")));
    expect(replyOf(of, bytes).outs).toEqual([{ x: 1 }]);
  });
});

describe("referent ids that fit nothing", () => {
  const OTHER = struct("OTHER", { y: LONG });
  test.each([
    [
      "one for two types",
      struct("S", { a: ptr(POINT), b: ptr(OTHER) }),
      "07000000 07000000 01000000",
    ],
    ["a pointer to itself", ptr(ptr(LONG)), "07000000 07000000"],
  ])("%s", (_what, type, hex) => {
    expect(() => argsOf(takes(type), bytesOf(hex))).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });
});

describe("types that contain themselves", () => {
  holdsBothWays([
    [
      "a list by [unique] pointers",
      LIST,
      { value: 1, next: { value: 2, next: null } },
      "01000000 00000200 02000000 00000000",
    ],
  ]);

  test("500 nodes come back", () => {
    const list = chain(500);

    expect(argsOf(takes(LIST), request(takes(LIST), [list]))).toEqual([list]);
  });

  test("more nodes than the stack takes are refused, by both sides", () => {
    const words = Array.from({ length: 100_000 }, (_, i) => [1, i + 1]).flat();
    const bytes = new Uint8Array(Uint32Array.from(words).buffer);

    expect(() => argsOf(takes(LIST), bytes)).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
    expect(() => request(takes(LIST), [chain(100_000)])).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
    );
  });

  test("a ring by [unique] pointers is refused", () => {
    const node: Node = { value: 1, next: null };
    node.next = node;

    expect(() => request(takes(LIST), [node])).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
    );
  });

  test("without a pointer in between is a TypeError", () => {
    const ENDLESS = struct("ENDLESS", { again: lazy<unknown>((): Type => ENDLESS) });

    expect(() => request(takes(ENDLESS), [null])).toThrow(TypeError);
  });

  test("two types that contain each other", () => {
    interface Twig {
      leaves: Leaf[];
    }
    interface Leaf {
      twig: Twig | null;
    }
    const LEAF = struct("LEAF", { twig: unique(lazy<Twig>((): Type => TWIG)) });
    const TWIG = struct("TWIG", { leaves: ref(array(LEAF, {})) });
    const tree = { leaves: [{ twig: { leaves: [] } }, { twig: null }] };

    expect(argsOf(takes(TWIG), request(takes(TWIG), [tree]))).toEqual([tree]);
  });
});
