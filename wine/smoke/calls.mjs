// Call objects against the fixture's pipes.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AsyncIPipeByte,
  CO_E_RELEASED,
  E_INVALIDARG,
  E_NOINTERFACE,
  ICancelMethodCalls,
  INFINITE,
  IPipeByte,
  ISynchronizeHandle,
  IUnknown,
  RPC_E_CALL_CANCELED,
  RPC_E_CALL_COMPLETE,
  RPC_E_DISCONNECTED,
  RPC_S_CALLPENDING,
  S_OK,
} from "@callfactory/core";
import {
  AsyncICalculator,
  CLSID_BasicPipe,
  CLSID_Calculator,
  CLSID_PlainCalculator,
  CLSID_SlowPipe,
  ICalculator,
  IPipeControl,
} from "@callfactory/tests/dist/fixtures/interfaces.js";
import { methodOf, rejectsWith, withApartment } from "./fixture.mjs";

const pull = methodOf(IPipeByte, "Pull");
const push = methodOf(IPipeByte, "Push");
const setDelay = methodOf(IPipeControl, "SetDelay");
const completeCalls = methodOf(IPipeControl, "CompleteCalls");
const getCounts = methodOf(IPipeControl, "GetCounts");

for (const kind of /** @type {const} */ (["mta", "sta"])) {
  void test(`three overlapping Pulls take as long as the longest one (${kind})`, () =>
    withApartment(kind, async ({ create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const calls = await Promise.all([50, 100, 150].map(() => pipe.createCall(AsyncIPipeByte)));
      const startMs = performance.now();

      const replies = await Promise.all(
        calls.map(async (call, i) => {
          await call.begin(pull, [50 * (i + 1)]);
          return call.finish(pull);
        }),
      );

      const tookMs = performance.now() - startMs;
      console.log(`three Pulls of 50, 100 and 150 ms (${kind}): ${tookMs.toFixed(0)} ms`);
      assert.ok(tookMs >= 145 && tookMs < 190, `${tookMs} ms`);
      for (const [i, reply] of replies.entries()) {
        assert.equal(reply.hr, S_OK);
        const expected = Uint8Array.from({ length: 50 * (i + 1) }, (_, at) => at & 0xff);
        assert.deepEqual(reply.value, expected);
      }
      for (const call of calls) call.release();
    }));

  void test(`1,000 calls in flight take no thread each (${kind})`, () =>
    withApartment(kind, async ({ backend, create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const calls = await Promise.all(
        Array.from({ length: 1000 }, () => pipe.createCall(AsyncIPipeByte)),
      );
      const startMs = performance.now();

      await Promise.all(calls.map((call) => call.begin(pull, [100])));
      const inFlight = backend.counters();
      const replies = await Promise.all(calls.map((call) => call.finish(pull)));

      const tookMs = performance.now() - startMs;
      console.log(`1,000 Pulls of 100 ms (${kind}): ${tookMs.toFixed(0)} ms`, inFlight);
      assert.equal(inFlight.threads, 1);
      assert.ok(replies.every((reply) => reply.hr === S_OK));
      for (const call of calls) call.release();
    }));

  void test(`a call object runs one call after the other (${kind})`, () =>
    withApartment(kind, async ({ create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const call = await pipe.createCall(AsyncIPipeByte);
      assert.equal((await call.finish(pull)).hr, RPC_E_CALL_COMPLETE);

      for (let i = 1; i <= 20; i++) {
        await call.begin(pull, [i]);
        await rejectsWith(call.begin(push, [new Uint8Array(1), 1]), RPC_S_CALLPENDING);
        assert.equal((await call.finish(push)).hr, E_INVALIDARG);
        assert.equal(/** @type {Uint8Array} */ ((await call.finish(pull)).value).length, i);
      }

      assert.equal((await call.finish(pull)).hr, RPC_E_CALL_COMPLETE);
      call.release();
    }));

  void test(`wait polls, times out and sees the signal (${kind})`, () =>
    withApartment(kind, async ({ create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const control = await pipe.queryInterface(IPipeControl);
      await control.invoke(setDelay, [INFINITE]);
      const call = await pipe.createCall(AsyncIPipeByte);
      await call.begin(pull, [8]);

      assert.equal(await call.wait(0), RPC_S_CALLPENDING);
      assert.equal(await call.wait(20), RPC_S_CALLPENDING);
      const waits = [call.wait(Infinity), call.wait(5000)];
      const finished = call.finish(pull);
      await control.invoke(completeCalls, []);

      assert.deepEqual(await Promise.all(waits), [S_OK, S_OK]);
      assert.equal((await finished).hr, S_OK);
      assert.equal(await call.wait(0), S_OK);
      await rejectsWith(call.begin(pull, [0x100001]), E_INVALIDARG);
      control.release();
      call.release();
    }));

  void test(`a canceled call completes at once (${kind})`, () =>
    withApartment(kind, async ({ create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const call = await pipe.createCall(AsyncIPipeByte);
      assert.equal(await call.cancel(0), RPC_E_CALL_COMPLETE);
      await call.begin(pull, [60_000]);
      assert.equal(await call.testCancel(), RPC_S_CALLPENDING);
      const finished = call.finish(pull);

      assert.equal(await call.cancel(0), S_OK);

      assert.equal((await finished).hr, RPC_E_CALL_CANCELED);
      await call.begin(push, [new Uint8Array(60_000), 60_000]);
      assert.equal(await call.cancel(1), S_OK);
      assert.equal(await call.cancel(0), RPC_E_CALL_CANCELED);
      assert.equal(await call.testCancel(), RPC_E_CALL_CANCELED);
      assert.equal((await call.finish(push)).hr, RPC_E_CALL_CANCELED);
      call.release();
    }));

  void test(`an abandoned call runs to its end (${kind})`, () =>
    withApartment(kind, async ({ backend, create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const control = await pipe.queryInterface(IPipeControl);
      const call = await pipe.createCall(AsyncIPipeByte);
      const fence = await pipe.createCall(AsyncIPipeByte);
      await call.begin(push, [new Uint8Array(30), 30]);
      call.release();
      const abandoned = await control.invoke(getCounts, []);
      const outers = backend.counters().outers;

      await fence.begin(pull, [80]);
      await fence.finish(pull);

      const after = await control.invoke(getCounts, []);
      assert.equal(/** @type {{ alive: number }} */ (abandoned.value).alive, 2);
      assert.equal(outers, 2);
      assert.equal(/** @type {{ alive: number }} */ (after.value).alive, 1);
      assert.equal(backend.counters().outers, 1);
      await rejectsWith(call.finish(pull), CO_E_RELEASED);
      await rejectsWith(call.wait(0), CO_E_RELEASED);
      control.release();
      fence.release();
    }));

  void test(`closing an apartment ends what is in flight (${kind})`, () =>
    withApartment(kind, async ({ apartment, create }) => {
      const pipe = await create(CLSID_SlowPipe, IPipeByte);
      const control = await pipe.queryInterface(IPipeControl);
      await control.invoke(setDelay, [INFINITE]);
      const call = await pipe.createCall(AsyncIPipeByte);
      await call.begin(pull, [40]);
      const finished = rejectsWith(call.finish(pull), RPC_E_DISCONNECTED);
      const waited = rejectsWith(call.wait(Infinity), RPC_E_DISCONNECTED);

      const closed = apartment.close();

      await Promise.all([finished, waited, closed]);
      await rejectsWith(pipe.invoke(pull, [1]), RPC_E_DISCONNECTED);
      await rejectsWith(call.begin(pull, [1]), RPC_E_DISCONNECTED);
      await rejectsWith(create(CLSID_SlowPipe, IPipeByte), RPC_E_DISCONNECTED);
      control.release();
      call.release();
    }));
}

void test("a basic pipe's call cannot be canceled", () =>
  withApartment("mta", async ({ create }) => {
    const pipe = await create(CLSID_BasicPipe, IPipeByte);
    const call = await pipe.createCall(AsyncIPipeByte);
    await call.begin(push, [new Uint8Array(20), 20]);

    assert.equal(await call.cancel(0), E_NOINTERFACE);
    assert.equal(await call.testCancel(), E_NOINTERFACE);

    assert.equal((await call.finish(push)).hr, S_OK);
    call.release();
  }));

void test("the outer object owns the call object's identity and synchronization", () =>
  withApartment("mta", async ({ create }) => {
    const pipe = await create(CLSID_SlowPipe, IPipeByte);
    const call = await pipe.createCall(AsyncIPipeByte);
    const interfaces = [IUnknown, AsyncIPipeByte, ICancelMethodCalls, ISynchronizeHandle];

    const pointers = await Promise.all(interfaces.map((iface) => call.queryInterface(iface)));

    const identities = await Promise.all(pointers.map((pointer) => pointer.identity()));
    assert.equal(new Set(identities).size, 1);
    const reply = await pointers[3]?.invoke(methodOf(ISynchronizeHandle, "GetHandle"), []);
    assert.ok(/** @type {bigint} */ (reply?.value) > 0n);
    for (const pointer of pointers) pointer.release();
    call.release();
  }));

void test("a server without a call factory, or for another interface, has no call object", () =>
  withApartment("mta", async ({ create }) => {
    const plain = await create(CLSID_PlainCalculator, ICalculator);
    const calculator = await create(CLSID_Calculator, ICalculator);
    const pipe = await create(CLSID_SlowPipe, IPipeByte);

    await rejectsWith(plain.createCall(AsyncICalculator), E_NOINTERFACE);
    await rejectsWith(calculator.createCall(AsyncIPipeByte), E_INVALIDARG);
    await rejectsWith(pipe.createCall(AsyncICalculator), E_NOINTERFACE);
  }));

void test("a trace tells the life of a call in order", () =>
  withApartment("mta", async ({ backend, create }) => {
    const pipe = await create(CLSID_SlowPipe, IPipeByte);
    const calculator = await create(CLSID_Calculator, ICalculator);
    /** @type {string[]} */
    const seen = [];
    const control = await pipe.queryInterface(IPipeControl);
    const stop = backend.trace((event) => seen.push(event.kind));
    const add = methodOf(ICalculator, "Add");

    const call = await pipe.createCall(AsyncIPipeByte);
    await call.begin(pull, [5]);
    await call.wait(Infinity);
    await call.finish(pull);
    await control.invoke(setDelay, [INFINITE]);
    await call.begin(pull, [5]);
    call.release();
    const sum = await calculator.createCall(AsyncICalculator);
    await sum.begin(add, [1, 2]);
    await sum.finish(add);
    sum.release();
    control.release();
    stop();

    const expected = ["begin", "signal", "finish", "begin", "abandon", "begin", "signal", "finish"];
    assert.deepEqual(seen, expected);
  }));

void test("a call released while Begin_ is under way is begun, then abandoned", () =>
  withApartment("mta", async ({ backend, create }) => {
    const pipe = await create(CLSID_SlowPipe, IPipeByte);
    /** @type {string[]} */
    const seen = [];
    const stop = backend.trace((event) => seen.push(event.kind));
    const control = await pipe.queryInterface(IPipeControl);
    await control.invoke(setDelay, [INFINITE]);
    const call = await pipe.createCall(AsyncIPipeByte);

    const begun = call.begin(pull, [5]);
    call.release();
    await begun;
    stop();
    control.release();

    assert.deepEqual(seen, ["begin", "abandon"]);
  }));

void test("expectNoLeaks says what is left over, and nothing once it was released", () =>
  withApartment("mta", async ({ backend, create }) => {
    const pipe = await create(CLSID_SlowPipe, IPipeByte);

    await assert.rejects(backend.expectNoLeaks(), /left over: 1 objects/);
    pipe.release();

    await backend.expectNoLeaks();
  }));
