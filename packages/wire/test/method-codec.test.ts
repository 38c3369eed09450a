import {
  array,
  asyncOf,
  BSTR,
  BYTE,
  DOUBLE,
  defineInterface,
  E_FAIL,
  E_NOINTERFACE,
  ComError,
  GUID,
  guid,
  hresult,
  IUnknown,
  LONG,
  LPWSTR,
  type Method,
  method,
  param,
  pointerByIid,
  pointerTo,
  ref,
  RPC_E_CLIENT_CANTMARSHAL_DATA,
  RPC_E_CLIENT_CANTUNMARSHAL_DATA,
  RPC_E_SERVER_CANTMARSHAL_DATA,
  RPC_E_SERVER_CANTUNMARSHAL_DATA,
  S_FALSE,
  S_OK,
  struct,
  ULONG,
  unique,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { methodCodec, type NdrHost } from "../src/index.ts";
import { argsOf, placed, recordingHost, reply, replyOf, request } from "./calls.ts";
import { bytesOf, hexOf } from "./hex.ts";

const pull = placed(
  method("Pull", [
    param.out("buf", array(LONG, { sizeIs: "cRequest", lengthIs: "pcReturned" })),
    param.in("cRequest", ULONG),
    param.out("pcReturned", ULONG),
  ]),
);
const SIZED = struct("I", { a: unique(array(LONG, { sizeIs: "n" })) });
const POINT = struct("POINT", { x: DOUBLE, y: DOUBLE });

describe("what a method returns", () => {
  test("an HRESULT is the last four bytes", () => {
    const of = placed(method("M", [param.out("n", LONG)]));

    expect(hexOf(reply(of, [7], { hr: S_FALSE }))).toBe("0700000001000000");
    expect(replyOf(of, bytesOf("07000000 01000000"))).toEqual({ hr: S_FALSE, outs: [7] });
  });

  test("a void method sends none", () => {
    const of = placed(method("M", [param.out("n", LONG)], "void"));

    expect(hexOf(reply(of, [7], { hr: E_FAIL }))).toBe("07000000");
    expect(replyOf(of, bytesOf("07000000"))).toEqual({ hr: S_OK, outs: [7] });
  });

  test("a ULONG travels in the place of the HRESULT", () => {
    const of = placed(method("M", [], "ULONG"));

    expect(replyOf(of, reply(of, [], { hr: hresult(0xfffffffe) })).hr).toBe(0xfffffffe);
  });
});

describe("a reply whose outs were left unset (FIN-09)", () => {
  const all = placed(
    method("All", [
      param.out("n", LONG),
      param.out("text", LPWSTR),
      param.out("name", BSTR),
      param.out("point", POINT),
      param.out("object", pointerTo(IUnknown)),
      param.out("bytes", array(BYTE, { sizeIs: "size" })),
      param.in("size", ULONG),
      param.out("maybe", unique(POINT)),
      param.out("id", GUID),
    ]),
  );

  test("FIN-09 outs are zero, NULL and empty, and the HRESULT arrives", () => {
    const ins = [3];

    const bytes = reply(all, new Array(8).fill(undefined), { ins, hr: E_FAIL });

    expect(replyOf(all, bytes, { ins })).toEqual({
      hr: E_FAIL,
      outs: [
        0,
        null,
        null,
        { x: 0, y: 0 },
        null,
        new Uint8Array(3),
        null,
        guid("0".repeat(8) + "-0000-0000-0000-" + "0".repeat(12)),
      ],
    });
  });

  test("FIN-09 an [in,out] keeps the value that was sent", () => {
    const of = placed(method("M", [param.inout("text", BSTR)]));

    const bytes = reply(of, [undefined], { ins: ["sent"], hr: E_FAIL });

    expect(replyOf(of, bytes, { ins: ["sent"] })).toEqual({ hr: E_FAIL, outs: ["sent"] });
  });

  test("FIN-11 a conformant varying [out] array is empty within the size of the request", () => {
    const bytes = reply(pull, [], { ins: [9], hr: E_FAIL });

    // max_count 9, offset 0, actual_count 0, pcReturned 0
    expect(hexOf(bytes)).toBe(hexOf(bytesOf("09000000 00000000 00000000 00000000 05400080")));
  });

  test("a count that is unset follows its array", () => {
    const { outs } = replyOf(pull, reply(pull, [Int32Array.of(1, 2), undefined], { ins: [9] }), {
      ins: [9],
    });

    expect(outs).toEqual([Int32Array.of(1, 2), 2]);
  });

  test("an unset array of a size that no server has memory for does not marshal", () => {
    expect(() => reply(all, [], { ins: [0xffffffff], hr: E_FAIL })).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTMARSHAL_DATA }),
    );
  });
});

describe("iid_is", () => {
  const IID_IPipe = guid("db2f3aca-2f86-11d1-8e04-00c04fb9989a");
  const after = placed(
    method("M", [param.in("object", pointerByIid(IUnknown, "riid")), param.in("riid", GUID)]),
  );
  const create = placed(
    method("M", [param.in("riid", GUID), param.out("object", pointerByIid(IUnknown, "riid"))]),
  );

  test("an IID that comes after its pointer is known to both sides", () => {
    const host = recordingHost();
    const objref = Uint8Array.of(1, 2);

    const args = argsOf(after, request(after, [objref, IID_IPipe], host), host);

    expect(args).toEqual([objref, IID_IPipe]);
    expect(host.iids).toEqual([IID_IPipe, IID_IPipe]);
  });

  test("an [out] pointer takes the IID of the request", () => {
    const host = recordingHost();
    const ins = [IID_IPipe];

    replyOf(create, reply(create, [Uint8Array.of(1)], { ins, host }), { ins, host });

    expect(host.iids).toEqual([IID_IPipe, IID_IPipe]);
  });

  test("a pointer without iid_is is marshaled for its own interface", () => {
    const host = recordingHost();

    request(placed(method("M", [param.in("p", pointerTo(IUnknown))])), [Uint8Array.of(1)], host);

    expect(host.iids).toEqual([IUnknown.iid]);
  });
});

describe("hosts", () => {
  const of = placed(method("M", [param.in("p", pointerTo(IUnknown)), param.in("n", LONG)]));
  const bytes = bytesOf("00000200 01000000 01000000 aa 000000 07000000");

  test("a ComError of the host passes", () => {
    const refuse = (): never => {
      throw new ComError(E_NOINTERFACE, "CoMarshalInterface");
    };
    const host: NdrHost = { marshalInterface: refuse, unmarshalInterface: refuse };
    const refused = expect.objectContaining({ hr: E_NOINTERFACE });

    expect(() => request(of, [{}, 7], host)).toThrow(refused);
    expect(() => argsOf(of, bytes, host)).toThrow(refused);
  });

  test("no reference is taken over from bytes that turn out bad", () => {
    const host = recordingHost();

    expect(() => argsOf(of, bytes.subarray(0, -1), host)).toThrow();
    expect(host.iids).toEqual([]);
  });

  test("a host that answers null sends NULL", () => {
    const host: NdrHost = { marshalInterface: () => null, unmarshalInterface: () => "never" };

    expect(argsOf(of, request(of, [{}, 7], host), host)).toEqual([null, 7]);
  });
});

describe("members that size each other", () => {
  const LIST = struct("LIST", {
    count: LONG,
    items: unique(array(ref(LPWSTR), { sizeIs: "count" })),
  });
  const of = placed(method("M", [param.in("lists", array(LIST, { length: 2 }))]));
  const lists = [
    { count: 2, items: ["a", null] },
    { count: 0, items: null },
  ];

  test("come back", () => {
    expect(argsOf(of, request(of, [lists]))).toEqual([lists]);
  });

  test("must agree with the bytes", () => {
    const bytes = request(of, [lists]);
    bytes[0] = 1;

    expect(() => argsOf(of, bytes)).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });
});

describe("values that do not fit", () => {
  const push = placed(
    method("Push", [param.in("buf", array(LONG, { sizeIs: "n" })), param.in("n", ULONG)]),
  );

  test("an [in] array shorter than its size_is is RPC_E_CLIENT_CANTMARSHAL_DATA", () => {
    expect(() => request(push, [Int32Array.of(1), 2])).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTMARSHAL_DATA }),
    );
  });

  test("FIN-11 an [out] array longer than the request's size is RPC_E_SERVER_CANTMARSHAL_DATA", () => {
    expect(() => reply(pull, [Int32Array.of(1, 2), 2], { ins: [1] })).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTMARSHAL_DATA }),
    );
  });

  test("a size_is that differs from max_count is RPC_E_SERVER_CANTUNMARSHAL_DATA", () => {
    const bytes = request(push, [Int32Array.of(1, 2), 2]);
    bytes[12] = 3;

    expect(() => argsOf(push, bytes)).toThrow(
      expect.objectContaining({ hr: RPC_E_SERVER_CANTUNMARSHAL_DATA }),
    );
  });

  test("FIN-11 a reply for another size is RPC_E_CLIENT_CANTUNMARSHAL_DATA", () => {
    const bytes = reply(pull, [Int32Array.of(1), 1], { ins: [1] });

    expect(() => replyOf(pull, bytes, { ins: [2] })).toThrow(
      expect.objectContaining({ hr: RPC_E_CLIENT_CANTUNMARSHAL_DATA }),
    );
  });
});

describe("methods that have no bytes", () => {
  const compiled = (spec: Parameters<typeof placed>[0]) => () => methodCodec(placed(spec));

  test("Begin_ and Finish_ are local", () => {
    const iface = defineInterface({
      name: "IFoo",
      iid: "5cfc6e5a-7d7b-4c53-9f39-2d5c0b7a7d10",
      asyncIid: "5cfc6e5a-7d7b-4c53-9f39-2d5c0b7a7d11",
      base: IUnknown,
      methods: [method("Bar", [])] as const,
    });
    const begin = asyncOf(iface).members.get("Begin_Bar") as Method;

    expect(() => methodCodec(begin)).toThrow(TypeError);
  });

  test.each([
    ["an empty structure", struct("E", {})],
    ["a conformant member before the last", struct("C", { a: array(LONG, {}), b: LONG })],
    ["conformant elements", array(struct("C", { a: array(LONG, {}) }), {})],
    ["a fixed array of nothing", array(LONG, { length: 0 })],
    ["a member sized by nothing", struct("N", { a: unique(array(LONG, { sizeIs: "n" })) })],
    [
      "a member sized by one of the structure around its own",
      struct("O", { n: LONG, inner: SIZED }),
    ],
  ])("%s is a TypeError", (_what, type) => {
    expect(compiled(method("M", [param.in("value", type)]))).toThrow(TypeError);
  });

  test("a method is compiled once", () => {
    expect(methodCodec(pull)).toBe(methodCodec(pull));
  });
});
