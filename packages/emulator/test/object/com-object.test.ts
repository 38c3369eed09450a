import {
  defineInterface,
  E_NOINTERFACE,
  type Guid,
  IUnknown,
  method,
  S_OK,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import {
  ComObject,
  identityOf,
  type Pointer,
  type QueryResult,
} from "../../src/object/com-object.ts";
import { Ledger } from "../../src/object/ledger.ts";

const IBase = defineInterface({
  name: "IBase",
  iid: "77777777-2222-4333-8444-555555555551",
  base: IUnknown,
  methods: [method("First", [])],
});
const IDerived = defineInterface({
  name: "IDerived",
  iid: "77777777-2222-4333-8444-555555555552",
  base: IBase,
  methods: [method("Second", [])],
});

const ok = () => ({ hr: S_OK, value: undefined });

function create(outer: ComObject | null = null) {
  const ledger = new Ledger();
  const object = new ComObject({ apartment: null, ledger, kind: "object", outer });
  return { ledger, object };
}

/** QueryInterface on something that answers at once. */
function query(object: { query(iid: Guid): unknown }, iid: Guid): Pointer | null {
  return (object.query(iid) as QueryResult).pointer;
}

describe("references", () => {
  test("an object is created with one", () => {
    const { object, ledger } = create();
    expect(ledger.alive("object")).toBe(1);

    object.release();

    expect(object.isAlive).toBe(false);
    expect(ledger.open()).toEqual({});
  });

  test("an object lives until the last one is given up", () => {
    const { object } = create();
    object.addRef();

    object.release();

    expect(object.isAlive).toBe(true);
  });

  test("QueryInterface gives one more", () => {
    const { object } = create();
    object.expose(IBase, ok);

    query(object, IBase.iid);
    object.release();

    expect(object.isAlive).toBe(true);
  });

  test("a failing QueryInterface gives none", () => {
    const { object } = create();

    query(object, IBase.iid);
    object.release();

    expect(object.isAlive).toBe(false);
  });

  test("looking at the identity costs none", async () => {
    const { object } = create();

    await identityOf(object.inner);
    object.release();

    expect(object.isAlive).toBe(false);
  });
});

describe("QueryInterface", () => {
  test("an unknown interface is E_NOINTERFACE without a pointer", () => {
    expect(create().object.query(IBase.iid)).toEqual({ hr: E_NOINTERFACE, pointer: null });
  });

  test("a derived interface answers for its base", () => {
    const { object } = create();
    const pointer = object.expose(IDerived, ok);

    expect(query(object, IBase.iid)).toBe(pointer);
  });

  test("the first interface to claim an IID keeps it", () => {
    const { object } = create();
    const first = object.expose(IBase, ok);
    object.expose(IDerived, ok);

    expect(query(object, IBase.iid)).toBe(first);
  });

  test("IUnknown is the same from every interface", async () => {
    const { object } = create();
    const pointers = [object.expose(IBase, ok), object.expose(IDerived, ok), object.inner];

    const identities = await Promise.all(pointers.map(identityOf));

    expect(new Set(identities).size).toBe(1);
  });

  test("two objects are two identities", async () => {
    const identities = await Promise.all(
      [create(), create()].map(({ object }) => identityOf(object.inner)),
    );

    expect(identities[0]).not.toBe(identities[1]);
  });
});

/** An outer object that passes on what it does not know. */
class Outer extends ComObject {
  inner2: ComObject | null = null;

  protected override queryMissing(iid: Guid): QueryResult {
    return this.inner2?.query(iid) as QueryResult;
  }

  protected override finalRelease(): void {
    this.inner2?.release();
  }
}

function aggregate() {
  const ledger = new Ledger();
  const outer = new Outer({ apartment: null, ledger, kind: "object" });
  const inner = new ComObject({ apartment: null, ledger, kind: "call object", outer });
  const pointer = inner.expose(IBase, ok);
  outer.inner2 = inner;
  return { ledger, outer, inner, pointer };
}

describe("CALL-08 aggregation", () => {
  test("an interface of the inner object has the outer's identity", async () => {
    const { outer, pointer } = aggregate();

    expect(await identityOf(pointer)).toBe(outer);
  });

  test("the inner unknown is the inner object's own", async () => {
    const { inner } = aggregate();

    expect(await identityOf(inner.inner)).toBe(inner);
  });

  test("a reference to an inner interface keeps the outer object alive", () => {
    const { outer } = aggregate();
    const pointer = query(outer, IBase.iid);

    outer.release();
    expect(outer.isAlive).toBe(true);
    pointer?.unknown.release();

    expect(outer.isAlive).toBe(false);
  });

  test("the outer object holds one reference to the inner one, and releases it", () => {
    const { outer, inner, ledger } = aggregate();

    outer.release();

    expect(inner.isAlive).toBe(false);
    expect(ledger.open()).toEqual({});
  });
});
