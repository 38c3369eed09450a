import { expectTypeOf, test } from "vitest";
import type { GUID, IPipeByte, IPipeDouble, LPWSTR } from "../src/index.ts";
import {
  arm,
  array,
  type AsyncMethods,
  asyncOf,
  BOOL,
  BSTR,
  BYTE,
  type CallOptions,
  type ClientCall,
  type ComCall,
  defaultArm,
  defineInterface,
  DOUBLE,
  enumeration,
  type Guid,
  type Interface,
  type InterfacePointer,
  IUnknown,
  lazy,
  LONG,
  LONGLONG,
  method,
  type NoMethods,
  param,
  pointerTo,
  ptr,
  ref,
  type Result,
  stringOf,
  struct,
  type Type,
  ULONG,
  union,
  unique,
  type Value,
  WCHAR,
} from "../src/index.ts";

// Types alone are tested here; the compiler that checks this file runs the tests.

const POINT = struct("POINT", { x: DOUBLE, y: DOUBLE });
const SHAPE = enumeration("SHAPE", { ROUND: 0, SQUARE: 4 });

const IBase = defineInterface({
  name: "IBase",
  iid: "55555555-2222-4333-8444-555555555551",
  asyncIid: "55555555-2222-4333-8444-555555555554",
  base: IUnknown,
  methods: [method("Ping", [])],
});

const IFoo = defineInterface({
  name: "IFoo",
  iid: "55555555-2222-4333-8444-555555555552",
  asyncIid: "55555555-2222-4333-8444-555555555553",
  base: IBase,
  methods: [
    method("Add", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)]),
    method("Divide", [param.in("a", LONG), param.out("quotient", LONG), param.out("exact", BOOL)]),
    method("Swap", [param.inout("text", BSTR)]),
    method("Clone", [param.retval("clone", pointerTo(IBase))]),
  ],
});

type Methods<I> = I extends Interface<infer S> ? S : never;
type Foo = Methods<typeof IFoo>;
type FooPointer = InterfacePointer<Foo>;
type FooCall = ClientCall<Foo>;

test("each type has its JavaScript type", () => {
  expectTypeOf<Value<typeof LONG>>().toEqualTypeOf<number>();
  expectTypeOf<Value<typeof LONGLONG>>().toEqualTypeOf<bigint>();
  expectTypeOf<Value<typeof GUID>>().toEqualTypeOf<Guid>();
  expectTypeOf<Value<typeof LPWSTR>>().toEqualTypeOf<string | null>();
  expectTypeOf<Value<typeof SHAPE>>().toEqualTypeOf<0 | 4>();
  expectTypeOf<Value<typeof POINT>>().toEqualTypeOf<{ x: number; y: number }>();
});

test("arrays of numbers are typed arrays, others plain ones", () => {
  const bytes = array(BYTE, { length: 4 });
  const strings = array(BSTR, { length: 4 });
  const hypers = array(LONGLONG, { length: 4 });

  expectTypeOf<Value<typeof bytes>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<Value<typeof strings>>().toEqualTypeOf<(string | null)[]>();
  expectTypeOf<Value<typeof hypers>>().toEqualTypeOf<BigInt64Array>();
});

test("a [unique] pointer may be null, a [ref] pointer may not", () => {
  const maybe = unique(POINT);
  const surely = ref(POINT);

  expectTypeOf<Value<typeof maybe>>().toEqualTypeOf<{ x: number; y: number } | null>();
  expectTypeOf<Value<typeof surely>>().toEqualTypeOf<{ x: number; y: number }>();
});

test("a union is one object type an arm", () => {
  const u = union("U", LONG, [arm([1, 2], DOUBLE), arm(3, BSTR), arm(4), defaultArm(BOOL)]);

  expectTypeOf<Value<typeof u>>().toEqualTypeOf<
    | { tag: 1 | 2; value: number }
    | { tag: 3; value: string | null }
    | { tag: 4; value?: undefined }
    | { tag: number; value: boolean }
  >();
});

test("a type may contain itself", () => {
  interface Node {
    value: number;
    next: Node | null;
  }
  const NODE = struct("NODE", { value: LONG, next: unique(lazy<Node>((): Type => NODE)) });

  expectTypeOf<Value<typeof NODE>>().toEqualTypeOf<Node>();
});

test("[string] is never null, a pointer to it may be", () => {
  const inPlace = stringOf(WCHAR, { length: 8 });
  const behind = ptr(inPlace);

  expectTypeOf<Value<typeof inPlace>>().toEqualTypeOf<string>();
  expectTypeOf<Value<typeof behind>>().toEqualTypeOf<string | null>();
});

test("counts of rows are no results, those with first_is are", () => {
  const grid = method("Grid", [
    param.out("m", LONG),
    param.out("n", LONG),
    param.out("a", array(array(BYTE, { sizeIs: "n" }), { sizeIs: "m" })),
  ]);
  const part = method("Part", [
    param.out("f", LONG),
    param.out("a", array(BYTE, { length: 4, firstIs: "f" })),
  ]);

  expectTypeOf<Result<(typeof grid)["params"]>>().toEqualTypeOf<Uint8Array[]>();
  expectTypeOf<Result<(typeof part)["params"]>>().toEqualTypeOf<{ f: number; a: Uint8Array }>();
});

test("arguments are the [in] parameters, the result is the [out] ones", () => {
  expectTypeOf<Foo["Add"]>().toEqualTypeOf<(a: number, b: number) => number>();
  expectTypeOf<Foo["Divide"]>().returns.toEqualTypeOf<{ quotient: number; exact: boolean }>();
  expectTypeOf<Foo["Swap"]>().toEqualTypeOf<(text: string | null) => string | null>();
});

test("a method without outs gives nothing", () => {
  expectTypeOf<Foo["Ping"]>().toEqualTypeOf<() => void>();
});

test("a count that an array implies is no result", () => {
  type Pipe = Methods<typeof IPipeByte>;

  expectTypeOf<Pipe["Pull"]>().toEqualTypeOf<(cRequest: number) => Uint8Array>();
  expectTypeOf<Methods<typeof IPipeDouble>["Pull"]>().returns.toEqualTypeOf<Float64Array>();
});

test("a pointer has its methods as calls, with options last", () => {
  expectTypeOf<FooPointer["Add"]>().parameters.toEqualTypeOf<
    [number, number, options?: CallOptions]
  >();
  expectTypeOf<FooPointer["Add"]>().returns.toEqualTypeOf<ComCall<number>>();
});

test("a pointer has the methods of its bases", () => {
  expectTypeOf<FooPointer["Ping"]>().returns.toEqualTypeOf<ComCall<void>>();
});

test("an interface pointer in a result is typed", () => {
  type Cloned = Awaited<ReturnType<FooPointer["Clone"]>>;

  expectTypeOf<Cloned>().toEqualTypeOf<InterfacePointer<Methods<typeof IBase>> | null>();
});

test("a call object has Begin_ with the arguments and Finish_ with the result", () => {
  expectTypeOf<FooCall["Begin_Add"]>().toEqualTypeOf<(a: number, b: number) => Promise<void>>();
  expectTypeOf<FooCall["Finish_Add"]>().toEqualTypeOf<() => ComCall<number>>();
  expectTypeOf<FooCall["wait"]>().returns.toEqualTypeOf<Promise<boolean>>();
});

test("the async twin's methods are the halves", () => {
  type Twin = AsyncMethods<{ Add(a: number): string }>;

  expectTypeOf<Twin["Begin_Add"]>().toEqualTypeOf<(a: number) => void>();
  expectTypeOf<Twin["Finish_Add"]>().toEqualTypeOf<() => string>();
});

test("createCall takes an async interface and gives its call object", () => {
  const twin = asyncOf(IFoo);
  type Created = Awaited<ReturnType<typeof create>>;
  const create = (pointer: FooPointer) => pointer.createCall(twin);

  expectTypeOf<Created>().toEqualTypeOf<FooCall>();
});

test("queryInterface gives a pointer of the interface asked for", () => {
  const query = (pointer: InterfacePointer<NoMethods>) => pointer.queryInterface(IFoo);

  expectTypeOf<Awaited<ReturnType<typeof query>>>().toEqualTypeOf<FooPointer>();
});

test("a pointer and a call object have no methods that the interface lacks", () => {
  expectTypeOf<FooPointer>().not.toHaveProperty("Subtract");
  expectTypeOf<FooCall>().not.toHaveProperty("Begin_Subtract");
});

test("wrong arguments do not compile", () => {
  type Add = Parameters<FooPointer["Add"]>;

  expectTypeOf<[number, number, { timeoutMs: number }]>().toExtend<Add>();
  expectTypeOf<[number]>().not.toExtend<Add>();
  expectTypeOf<[number, string]>().not.toExtend<Add>();
  expectTypeOf<[number, number, { timeoutMs: string }]>().not.toExtend<Add>();
  expectTypeOf<[number]>().not.toExtend<Parameters<FooCall["Finish_Add"]>>();
});

test("createCall does not take the synchronous interface", () => {
  expectTypeOf<typeof IFoo>().not.toExtend<Parameters<FooPointer["createCall"]>[0]>();
});

test("the size of an [out] string follows from it, and is hidden", () => {
  const params = [
    param.out("text", ref(stringOf(WCHAR, { sizeIs: "size" }))),
    param.out("size", ULONG),
  ] as const;

  expectTypeOf<Result<typeof params>>().toEqualTypeOf<string>();
});

test("an [out] string counts no other parameter, and so is not hidden", () => {
  const INamed = defineInterface({
    name: "INamed",
    iid: "88888888-3333-4333-8444-555555555559",
    base: IFoo,
    methods: [method("GetName", [param.retval("name", ref(stringOf(WCHAR)))])],
  });
  type Named = typeof INamed extends Interface<infer S> ? InterfacePointer<S> : never;

  expectTypeOf<Awaited<ReturnType<Named["GetName"]>>>().toEqualTypeOf<string>();
});
