// COM objects that JavaScript implements, called through their vtables.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import {
  E_NOTIMPL,
  guid,
  IConnectionPoint,
  IUnknown,
  REGDB_E_CLASSNOTREG,
  RPC_E_DISCONNECTED,
  RPC_E_SERVERFAULT,
  RPC_S_CALLPENDING,
  S_OK,
} from "@callfactory/core";
import { createNativeBackend } from "@callfactory/native";
import {
  AsyncICalculator,
  CLSID_Calculator,
  ICalculator,
} from "@callfactory/tests/dist/fixtures/interfaces.js";
import { methodOf, rejectsWith, withApartment } from "./fixture.mjs";

const add = methodOf(ICalculator, "Add");
const multiplyAdd = methodOf(ICalculator, "MultiplyAdd");
const concat = methodOf(ICalculator, "Concat");
const sum = methodOf(ICalculator, "Sum");
const midpoint = methodOf(ICalculator, "Midpoint");
const bracket = methodOf(ICalculator, "Bracket");
const echoGuid = methodOf(ICalculator, "EchoGuid");
const clone = methodOf(ICalculator, "Clone");
const hasCallFactory = methodOf(ICalculator, "HasCallFactory");
const unadvise = methodOf(IConnectionPoint, "Unadvise");

/** @typedef {import("@callfactory/core").ServerObject} ServerObject */

/** @param {unknown} [value] */
const ok = (value) => ({ hr: S_OK, value });

/** @param {ServerObject["invoke"]} invoke @returns {ServerObject} */
const calculator = (invoke) => ({ interfaces: [ICalculator], invoke });

/** @template T @returns {{ promise: Promise<T>, resolve: (value: T) => void }} */
function deferred() {
  /** @type {(value: T) => void} */
  let resolve = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

for (const kind of /** @type {const} */ (["mta", "sta"])) {
  void test(`values of every kind reach an implementation and come back (${kind})`, () =>
    withApartment(kind, async ({ apartment }) => {
      /** @type {unknown[]} */
      const seen = [];
      const results = new Map(
        /** @type {[string, unknown][]} */ ([
          ["MultiplyAdd", 8.5],
          ["Concat", "ab"],
          ["Sum", 6n],
          ["Midpoint", { x: 1.5, y: 2 }],
          ["Bracket", "[text]"],
          ["EchoGuid", IUnknown.iid],
        ]),
      );
      const object = apartment.implement(
        calculator(({ name }, args) => {
          seen.push(args);
          return ok(results.get(name));
        }),
      );
      const point = { x: 1, y: 2 };
      const calls = /** @type {const} */ ([
        [multiplyAdd, [3, 2.5, 1.25], 8.5],
        [concat, ["a", null], "ab"],
        [sum, [Int32Array.of(1, 2, 3), 3], 6n],
        [midpoint, [point, null], { x: 1.5, y: 2 }],
        [bracket, ["text"], "[text]"],
        [echoGuid, [IUnknown.iid], IUnknown.iid],
      ]);

      for (const [method, args, expected] of calls) {
        const reply = await object.invoke(method, args);
        assert.deepEqual([method.name, reply.hr, reply.value], [method.name, S_OK, expected]);
      }

      assert.deepEqual(
        seen,
        calls.map(([, args]) => args),
      );
      object.release();
    }));

  void test(`pointers are lent to an implementation, and given by it (${kind})`, () =>
    withApartment(kind, async ({ apartment, create, backend }) => {
      const other = await create(CLSID_Calculator, ICalculator);
      const object = apartment.implement(
        calculator(async ({ name }, args) => {
          if (name === "Clone") return ok(other.addRef());
          const lent = /** @type {import("@callfactory/core").BackendObject} */ (args[0]);
          return ok((await lent.identity()) === (await other.identity()));
        }),
      );

      const given = await object.invoke(clone, []);
      const same = await object.invoke(hasCallFactory, [other]);

      const pointer = /** @type {import("@callfactory/core").BackendObject} */ (given.value);
      assert.equal(await pointer.identity(), await other.identity());
      assert.equal(same.value, true);
      pointer.release();
      object.release();
      other.release();
      await backend.expectNoLeaks();
    }));

  void test(`calls from inside calls are served (${kind})`, () =>
    withApartment(kind, async ({ apartment }) => {
      /** @type {import("@callfactory/core").BackendObject} */
      const object = apartment.implement(
        calculator(async (method, [a, b], call) => {
          if (a === 0) return ok(b);
          const again = await call.self(ICalculator);
          const reply = await again.invoke(method, [Number(a) - 1, Number(b) + 1]);
          again.release();
          return reply;
        }),
      );

      const reply = await object.invoke(add, [40, 2]);

      assert.equal(reply.value, 42);
      object.release();
    }));

  void test(`calls that wait for each other hold no place (${kind})`, () =>
    withApartment(kind, async ({ apartment }) => {
      /** @type {{ promise: Promise<void>, resolve: (value: void) => void }} */
      const last = deferred();
      const object = apartment.implement(
        calculator(async (_method, [a]) => {
          if (a === 39) last.resolve();
          if (kind === "mta") await last.promise;
          return ok(a);
        }),
      );

      const replies = await Promise.all(
        Array.from({ length: 40 }, (_, i) => object.invoke(add, [i, 0])),
      );

      assert.deepEqual(
        replies.map(({ value }) => value),
        Array.from({ length: 40 }, (_, i) => i),
      );
      object.release();
    }));

  void test(`what an implementation throws fails its call, and no other (${kind})`, () =>
    withApartment(kind, async ({ apartment, backend }) => {
      /** @type {string[]} */
      const reported = [];
      const stop = backend.trace((event) => {
        if (event.kind === "exception") reported.push(event.method);
      });
      const object = apartment.implement({
        ...calculator(async (_method, [a]) => {
          if (a === 1) throw new Error("a mistake");
          // Not what the method gives back.
          return ok(a === 2 ? "two" : a);
        }),
        finalRelease: () => {
          throw new Error("another");
        },
      });

      assert.equal((await object.invoke(add, [1, 0])).hr, RPC_E_SERVERFAULT);
      assert.equal((await object.invoke(add, [2, 0])).hr, RPC_E_SERVERFAULT);
      assert.equal((await object.invoke(add, [3, 0])).value, 3);
      object.release();
      await backend.expectNoLeaks();

      assert.deepEqual(reported, ["ICalculator::Add", "ICalculator::Add", "IUnknown::Release"]);
      stop();
    }));

  void test(`a server may signal twice, and may never signal (${kind})`, () =>
    withApartment(kind, async ({ apartment, backend }) => {
      /** @type {import("@callfactory/core").ServerCall[]} */
      const begun = [];
      const object = apartment.implement({
        ...calculator(() => ({ hr: E_NOTIMPL, value: undefined })),
        createCall: () => ({
          interfaces: [AsyncICalculator],
          invoke: (method, _args, call) => {
            if (method.half?.kind === "Finish_") return ok(42);
            begun.push(call);
            return ok();
          },
        }),
      });
      const [twice, never] = await Promise.all([
        object.createCall(AsyncICalculator),
        object.createCall(AsyncICalculator),
      ]);

      await twice.begin(add, [1, 2]);
      begun[0]?.signal();
      begun[0]?.signal();
      assert.equal((await twice.finish(add)).value, 42);
      begun[0]?.signal();
      await never.begin(add, [1, 2]);
      assert.equal(await never.wait(20), RPC_S_CALLPENDING);
      never.release();
      twice.release();
      object.release();
      // The abandoned call is still being worked on.
      await assert.rejects(backend.expectNoLeaks(), /1 outers/);
      begun[1]?.signal();

      await backend.expectNoLeaks();
    }));

  void test(`closing the apartment releases who waits for JavaScript (${kind})`, () =>
    withApartment(kind, async ({ apartment }) => {
      /** @type {{ promise: Promise<void>, resolve: (value: void) => void }} */
      const entered = deferred();
      const object = apartment.implement(
        calculator(() => {
          entered.resolve();
          return new Promise(() => {});
        }),
      );
      const call = rejectsWith(object.invoke(add, [1, 2]), RPC_E_DISCONNECTED);
      await entered.promise;
      const startMs = performance.now();

      await apartment.close();

      await call;
      object.release();
      assert.ok(performance.now() - startMs < 900, "the thread did not end of itself");
    }));
}

void test("an object of an STA is called from the MTA through COM's proxy, on its own thread", async () => {
  const backend = await createNativeBackend();
  const sta = await backend.openApartment("sta");
  const mta = await backend.openApartment("mta");
  /** @type {string[]} */
  const kinds = [];
  const object = sta.implement({
    interfaces: [IConnectionPoint],
    invoke: async (_method, _args, { apartment }) => {
      kinds.push(apartment.kind);
      return ok();
    },
  });
  const far = await mta.unmarshal(await sta.marshal(object), IConnectionPoint);

  const replies = await Promise.all([1, 2, 3].map(() => far.invoke(unadvise, [1])));

  assert.deepEqual(
    replies.map(({ hr }) => hr),
    [S_OK, S_OK, S_OK],
  );
  assert.deepEqual(kinds, ["sta", "sta", "sta"]);
  far.release();
  object.release();
  await backend.close();
});

void test("a class is created in the apartment that it names, and found by every apartment", async () => {
  const backend = await createNativeBackend();
  /** @type {string[]} */
  const kinds = [];
  /** @param {import("@callfactory/core").ServerHost} host @returns {ServerObject} */
  const create = ({ apartment }) => {
    kinds.push(apartment.kind);
    return { interfaces: [IConnectionPoint], invoke: () => ok() };
  };
  const interfaces = [IConnectionPoint];
  const classes = /** @type {const} */ ([
    [guid("c0ffee02-0000-4000-8000-000000000001"), "Both"],
    [guid("c0ffee02-0000-4000-8000-000000000002"), "Apartment"],
    [guid("c0ffee02-0000-4000-8000-000000000003"), "Free"],
  ]);
  const early = await backend.openApartment("sta");
  const revokes = classes.map(([clsid, threadingModel]) =>
    backend.registerClass({ clsid, threadingModel, interfaces, create }),
  );
  const clients = [early, await backend.openApartment("mta")];

  for (const [clsid] of classes) {
    for (const client of clients) {
      const object = await client.activate({ clsid, iface: IConnectionPoint });
      assert.equal((await object.invoke(unadvise, [1])).hr, S_OK);
      object.release();
    }
  }
  for (const revoke of revokes) revoke();
  await backend.expectNoLeaks();

  assert.deepEqual(kinds, ["sta", "mta", "sta", "sta", "mta", "mta"]);
  const [clsid] = classes[0];
  await rejectsWith(early.activate({ clsid, iface: IConnectionPoint }), REGDB_E_CLASSNOTREG);
  await backend.close();
});

for (const way of /** @type {const} */ (["exit", "terminate"])) {
  void test(`an object outlives its worker, and says so (${way})`, async () => {
    const backend = await createNativeBackend();
    const mta = await backend.openApartment("mta");
    const worker = new Worker(new URL("served-worker.mjs", import.meta.url));
    const [objref] = await once(worker, "message");
    const object = await mta.unmarshal(objref, IConnectionPoint);
    assert.equal((await object.invoke(unadvise, [1])).hr, S_OK);
    const pending = object.invoke(unadvise, [0]);
    await once(worker, "message");

    if (way === "exit") worker.postMessage("exit");
    else void worker.terminate();
    await once(worker, "exit");

    assert.equal((await pending).hr, RPC_E_DISCONNECTED);
    assert.equal((await object.invoke(unadvise, [1])).hr, RPC_E_DISCONNECTED);
    object.release();
    await backend.close();
    const { served, buffers, threads } = backend.counters();
    assert.deepEqual({ served, buffers, threads }, { served: 0, buffers: 0, threads: 0 });
  });
}
