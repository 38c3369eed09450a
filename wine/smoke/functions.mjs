// COM's functions, on the threads of apartments.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CLSID_StdGlobalInterfaceTable,
  E_HANDLE,
  E_NOTIMPL,
  guid,
  IMarshal,
  INFINITE,
  IUnknown,
  openCom,
  PM_REMOVE,
  QS_ALLPOSTMESSAGE,
  RPC_S_CALLPENDING,
  WAIT_OBJECT_0,
  WAIT_TIMEOUT,
  WM_USER,
} from "callfactory";
import { ComFunctions } from "@callfactory/core";
import { CLSID_Calculator, ICalculator } from "../../packages/tests/dist/fixtures/interfaces.js";
import { LIBRARY, rejectsWith } from "./fixture.mjs";

/**
 * @param {"sta" | "mta"} apartment
 * @param {(com: import("callfactory").Com) => Promise<void>} body
 */
async function withCom(apartment, body) {
  const com = await openCom({ backend: "native", apartment });
  try {
    await body(com);
    await com.expectNoLeaks();
  } finally {
    await com.close();
  }
}

for (const kind of /** @type {const} */ (["mta", "sta"])) {
  void test(`a pointer goes into a stream and comes out of it (${kind})`, () =>
    withCom(kind, async (com) => {
      const { functions } = com;
      const calculator = await com.createInstance(CLSID_Calculator, ICalculator, {
        library: LIBRARY,
      });
      // ICalculator itself has no proxy here.
      const { iid } = IUnknown;

      const stream = await functions.CoMarshalInterThreadInterfaceInStream(iid, calculator);
      assert.ok(stream);
      const back = await functions.CoGetInterfaceAndReleaseStream(stream, iid);

      assert.equal(await calculator.isSameObject(/** @type {any} */ (back)), true);
      const size = await functions.CoGetMarshalSizeMax(iid, calculator, 0, 0);
      assert.ok(size > 0);
      const marshal = await functions.CoGetStandardMarshal(iid, calculator, 0, 0);
      assert.equal(marshal?.interface, IMarshal);
      const memory = await functions.CreateStreamOnHGlobal();
      assert.ok(memory);
      await functions.CoMarshalInterface(memory, iid, calculator, 0, 0);
      await memory.Seek(0n, 0);
      await functions.CoReleaseMarshalData(memory);
      await functions.CoDisconnectObject(calculator, 0);
      for (const pointer of [calculator, back, marshal, memory]) pointer?.release();
    }));

  void test(`the class object makes objects (${kind})`, () =>
    withCom(kind, async ({ functions }) => {
      const unknown = await functions.CoGetClassObject(CLSID_StdGlobalInterfaceTable, IUnknown.iid);

      assert.ok(unknown);
      unknown.release();
    }));

  void test(`events are waited for (${kind})`, () =>
    withCom(kind, async ({ functions }) => {
      const event = await functions.CreateEventW(true, false);
      const handles = BigUint64Array.of(event);

      assert.equal(await functions.WaitForSingleObject(event, 0), WAIT_TIMEOUT);
      await rejectsWith(functions.CoWaitForMultipleHandles(0, 5, 1, handles), RPC_S_CALLPENDING);
      const waiting = functions.CoWaitForMultipleHandles(0, INFINITE, 1, handles);
      const other = functions.WaitForSingleObject(event, INFINITE);
      await functions.SetEvent(event);

      assert.deepEqual(await Promise.all([waiting, other]), [0, WAIT_OBJECT_0]);
      await functions.ResetEvent(event);
      const copy = await functions.DuplicateHandle(event);
      await functions.CloseHandle(event);
      await rejectsWith(functions.CloseHandle(event), E_HANDLE);
      await rejectsWith(functions.SetEvent(event), E_HANDLE);
      await functions.SetEvent(copy);
      await functions.CloseHandle(copy);
    }));

  void test(`the running object table finds an object by its class (${kind})`, () =>
    withCom(kind, async (com) => {
      const { functions } = com;
      const calculator = await com.createInstance(CLSID_Calculator, ICalculator, {
        library: LIBRARY,
      });
      const clsid = guid("5a3d5d6e-6f0f-4f43-9b3a-2a6f2b1f0c11");

      const cookie = await functions.RegisterActiveObject(calculator, clsid, 0);
      const found = await functions.GetActiveObject(clsid);
      assert.equal(await calculator.isSameObject(/** @type {any} */ (found)), true);
      found?.release();
      await functions.RevokeActiveObject(cookie);
      const table = await functions.GetRunningObjectTable();
      const moniker = await functions.CreateItemMoniker("!", "callfactory");

      assert.ok(table && moniker);
      for (const pointer of [calculator, table, moniker]) pointer.release();
    }));
}

void test("messages to the thread of an STA wait for whoever peeks", () =>
  withCom("sta", async ({ functions }) => {
    const threadId = await functions.GetCurrentThreadId();
    assert.equal(await functions.PeekMessageW(0, 0, PM_REMOVE), null);

    await functions.PostThreadMessageW(threadId, WM_USER, 7n, -7n);
    await functions.PostThreadMessageW(threadId, WM_USER + 1, 0n, 0n);

    const status = await functions.GetQueueStatus(QS_ALLPOSTMESSAGE);
    assert.notEqual(status >>> 16, 0);
    const second = await functions.PeekMessageW(WM_USER + 1, WM_USER + 1, PM_REMOVE);
    assert.equal(second?.message, WM_USER + 1);
    const first = await functions.PeekMessageW(0, 0, PM_REMOVE);
    assert.deepEqual([first?.message, first?.wParam, first?.lParam], [WM_USER, 7n, -7n]);
    assert.equal(await functions.PeekMessageW(0, 0, PM_REMOVE), null);
  }));

void test("a procedure that is queued ends an alertable wait", () =>
  withCom("mta", async ({ functions }) => {
    const event = await functions.CreateEventW(true, false);
    const threadId = await functions.GetCurrentThreadId();
    const handles = BigUint64Array.of(event);

    const waiting = functions.CoWaitForMultipleHandles(2, 20_000, 1, handles);
    await functions.QueueUserAPC(threadId);
    await waiting.catch(() => {});

    await functions.CloseHandle(event);
  }));

void test("a thread says who it is", () =>
  withCom("mta", async ({ functions }) => {
    assert.match(await functions.GetUserNameW(), /./);
    assert.match(await functions.CoGetCurrentLogicalThreadId(), /^[0-9a-f-]{36}$/);
    const context = await functions.CoGetObjectContext(IUnknown.iid);
    context?.release();
  }));

void test("every function is called, or said not to be there", () =>
  withCom("mta", async ({ functions }) => {
    /** @type {string[]} */
    const absent = [];
    for (const fn of ComFunctions.members.values()) {
      if (fn.ins.length > 0 || fn.name === "CoUninitialize") continue;
      const call = /** @type {any} */ (functions)[fn.name]();
      await call.then(
        (/** @type {any} */ value) => value?.release?.(),
        (/** @type {any} */ error) => {
          if (error.hr !== E_NOTIMPL) return;
          assert.match(error.message, new RegExp(`${fn.name}: .* does not export it`));
          absent.push(fn.name);
        },
      );
    }
    console.log(`this system lacks ${absent.join(", ") || "nothing"}`);
  }));
