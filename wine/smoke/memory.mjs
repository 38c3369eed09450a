// Arguments whose memory goes, moves or changes while they are passed.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  defineInterface,
  IUnknown,
  LONG,
  method,
  param,
  RPC_E_DISCONNECTED,
  S_OK,
  struct,
} from "@callfactory/core";
import { CLSID_Calculator, ICalculator } from "@callfactory/tests/dist/fixtures/interfaces.js";
import { LIBRARY, methodOf, withApartment } from "./fixture.mjs";

void test("memory that is shared, detached or shrunk is read as far as it is there", () =>
  withApartment("mta", async ({ create, backend }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const sum = methodOf(ICalculator, "Sum");
    const shared = new Int32Array(new SharedArrayBuffer(16), 4, 2);
    shared.set([40, 2]);
    const detached = new Int32Array(4);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
    const shrunk = new Int32Array(buffer, 4, 3);
    const tracking = new Int32Array(buffer);
    buffer.resize(8);

    assert.deepEqual(await calculator.invoke(sum, [shared, 2]), { hr: S_OK, value: 42n });
    assert.deepEqual(await calculator.invoke(sum, [tracking, 2]), { hr: S_OK, value: 0n });
    for (const [values, count] of [
      [detached, 4],
      [shrunk, 3],
      [tracking, 4],
    ]) {
      await assert.rejects(calculator.invoke(sum, [values, count]), TypeError);
    }
    assert.equal(backend.counters().buffers, 0);
  }));

void test("a count is read once", () =>
  withApartment("mta", async ({ create, backend }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const sum = methodOf(ICalculator, "Sum");
    for (const [first, value] of [
      [3, 6n],
      [1, 1n],
      [-1, null],
      ["3", null],
    ]) {
      let reads = 0;
      const args = Object.defineProperty([Int32Array.of(1, 2, 3), 0], 1, {
        get: () => (reads++ === 0 ? first : 1_000_000_000),
      });

      const summed = calculator.invoke(sum, args);

      if (value === null) await assert.rejects(summed, TypeError);
      else assert.deepEqual(await summed, { hr: S_OK, value });
      assert.equal(reads, 1);
    }
    assert.equal(backend.counters().buffers, 0);
  }));

void test("a pointer of another opening of the MTA may go while it is passed", () =>
  withApartment("mta", async ({ backend, create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    const has = methodOf(ICalculator, "HasCallFactory");
    for (let round = 0; round < 50; round++) {
      const second = await backend.openApartment("mta");
      const other = await second.activate({
        clsid: CLSID_Calculator,
        iface: ICalculator,
        library: LIBRARY,
      });
      const answers = Array.from({ length: 8 }, () => calculator.invoke(has, [other]));

      const [, ...settled] = await Promise.allSettled([second.close(), ...answers]);

      for (const each of settled) {
        if (each.status === "fulfilled") assert.equal(each.value.value, true);
        else assert.equal(each.reason.hr, RPC_E_DISCONNECTED);
      }
      other.release();
    }
  }));

void test("a structure too large for 32 bits is no method that can be called", () =>
  withApartment("mta", async ({ create }) => {
    const calculator = await create(CLSID_Calculator, ICalculator);
    // 17 times 256 MB: modulo 32 bits a little less than one of them.
    const member = array(LONG, { length: 0x3ffffff });
    const fields = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, member]));
    const huge = defineInterface({
      name: "IHuge",
      iid: ICalculator.iid,
      base: IUnknown,
      methods: [method("Take", [param.in("value", struct("HUGE_VALUE", fields))])],
    });

    await assert.rejects(calculator.invoke(methodOf(huge, "Take"), [{}]), {
      name: "TypeError",
      message: "not a method that can be called",
    });
  }));
