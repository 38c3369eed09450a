import {
  type BackendApartment,
  ComFunctions,
  E_HANDLE,
  E_INVALIDARG,
  type Method,
  QS_ALLPOSTMESSAGE,
  type Reply,
  RPC_S_CALLPENDING,
  S_OK,
  WAIT_OBJECT_0,
  WAIT_TIMEOUT,
  WM_DDE_FIRST,
} from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { createEmulator } from "../../src/index.ts";

async function open() {
  const emulator = createEmulator({ clock: "virtual" });
  const mta = await emulator.openApartment("mta");
  return { emulator, mta };
}

function call(apartment: BackendApartment, name: string, ...args: unknown[]): Promise<Reply> {
  return apartment.call(ComFunctions.members.get(name) as Method, args);
}

async function newEvent(apartment: BackendApartment, manualReset = true, signaled = false) {
  return (await call(apartment, "CreateEventW", manualReset, signaled)).value as bigint;
}

describe("handles", () => {
  test("are multiples of four, and no two are equal", async () => {
    const { mta } = await open();

    const handles = [await newEvent(mta), await newEvent(mta)] as const;

    expect(handles.map((handle) => handle % 4n)).toEqual([0n, 0n]);
    expect(handles[0]).not.toBe(handles[1]);
  });

  test("are left over until they are closed", async () => {
    const { emulator, mta } = await open();
    const handle = await newEvent(mta);
    expect(emulator.openReferences()).toEqual({ handle: 1 });

    const closed = await call(mta, "CloseHandle", handle);

    expect(closed.hr).toBe(S_OK);
    expect(emulator.openReferences()).toEqual({});
  });

  test("are closed once, and lead nowhere then", async () => {
    const { mta } = await open();
    const handle = await newEvent(mta);
    await call(mta, "CloseHandle", handle);

    for (const name of ["CloseHandle", "SetEvent", "ResetEvent", "DuplicateHandle"]) {
      expect([name, (await call(mta, name, handle)).hr]).toEqual([name, E_HANDLE]);
    }
    expect((await call(mta, "WaitForSingleObject", handle, 0)).hr).toBe(E_HANDLE);
  });

  test("of one event are signaled and reset together", async () => {
    const { mta } = await open();
    const handle = await newEvent(mta);
    const duplicate = (await call(mta, "DuplicateHandle", handle)).value;
    const poll = async () => (await call(mta, "WaitForSingleObject", duplicate, 0)).value;

    await call(mta, "SetEvent", handle);
    const signaled = await poll();
    await call(mta, "ResetEvent", handle);

    expect([signaled, await poll()]).toEqual([WAIT_OBJECT_0, WAIT_TIMEOUT]);
  });

  test("of an auto-reset event take one wait each signal; the initial state counts", async () => {
    const { mta } = await open();
    const handle = await newEvent(mta, false, true);
    const poll = async () => (await call(mta, "WaitForSingleObject", handle, 0)).value;

    expect([await poll(), await poll()]).toEqual([WAIT_OBJECT_0, WAIT_TIMEOUT]);
  });

  test("are told apart by what is asked of a thread that has no queue", async () => {
    const { mta } = await open();

    expect((await call(mta, "PostThreadMessageW", 4242, 0x400, 0n, 0n)).hr).toBe(0x800705a4);
    expect((await call(mta, "QueueUserAPC", 4242)).hr).toBe(0x800705a4);
  });
});

test("a thread that has ended takes no messages", async () => {
  const { emulator, mta } = await open();
  const sta = await emulator.openApartment("sta");
  const threadId = (await call(sta, "GetCurrentThreadId")).value;
  const post = async () => (await call(mta, "PostThreadMessageW", threadId, 0x400, 0n, 0n)).hr;
  const before = await post();

  await sta.close();

  expect([before, await post()]).toEqual([S_OK, 0x800705a4]);
});

test("a thread of the MTA that has ended has no queue either", async () => {
  const { emulator, mta } = await open();
  const other = await emulator.openApartment("mta");
  const threadId = (await call(other, "GetCurrentThreadId")).value;
  await call(other, "PeekMessageW", 0, 0, 0);
  const post = async () => (await call(mta, "PostThreadMessageW", threadId, 0x400, 0n, 0n)).hr;
  const before = await post();

  await other.close();

  expect([before, await post()]).toEqual([S_OK, 0x800705a4]);
});

test("a thread's queue takes 10,000 messages, and has room again for each one taken", async () => {
  const { emulator, mta } = await open();
  const sta = await emulator.openApartment("sta");
  const threadId = (await call(sta, "GetCurrentThreadId")).value;
  const post = async () => (await call(mta, "PostThreadMessageW", threadId, 0x400, 0n, 0n)).hr;
  const posted = await Promise.all(Array.from({ length: 10_000 }, post));
  expect(new Set(posted)).toEqual(new Set([S_OK]));

  const full = await post();
  await call(sta, "PeekMessageW", 0, 0, 1);

  expect([full, await post(), await post()]).toEqual([0x80070718, S_OK, 0x80070718]);
});

test("SYNC-33 a thread in no apartment waits, and neither dispatches messages nor looks at them", async () => {
  const emulator = createEmulator({ clock: "virtual" });
  const thread = await emulator.openApartment("sta");
  const threadId = (await call(thread, "GetCurrentThreadId")).value;
  await call(thread, "CoUninitialize");
  const handle = await newEvent(thread);
  await call(thread, "PeekMessageW", 0, 0, 0);
  await call(thread, "PostThreadMessageW", threadId, WM_DDE_FIRST, 0n, 0n);

  const handles = BigUint64Array.of(handle);
  const waited = await call(thread, "CoWaitForMultipleHandles", 0, 50, 1, handles);
  const blocked = await call(thread, "WaitForSingleObject", handle, 50);

  expect([waited.hr, blocked.value, emulator.clock.now()]).toEqual([
    RPC_S_CALLPENDING,
    WAIT_TIMEOUT,
    100,
  ]);
  const status = (await call(thread, "GetQueueStatus", QS_ALLPOSTMESSAGE)).value;
  expect(status).toBe(((QS_ALLPOSTMESSAGE << 16) | QS_ALLPOSTMESSAGE) >>> 0);
  expect((await call(thread, "CloseHandle", handle)).hr).toBe(S_OK);
});

describe("a wait for many handles", () => {
  test.each([
    ["sta", 63],
    ["mta", 64],
  ] as const)("in the %s takes %i", async (kind, limit) => {
    const { emulator, mta } = await open();
    const apartment = await emulator.openApartment(kind);
    const handle = await newEvent(mta);
    const wait = async (count: number) => {
      const handles = new BigUint64Array(count).fill(handle);
      return (await call(apartment, "CoWaitForMultipleHandles", 0, 0, count, handles)).hr;
    };

    expect([await wait(limit), await wait(limit + 1)]).toEqual([RPC_S_CALLPENDING, E_INVALIDARG]);
  });
});

describe("a thread that is blocked", () => {
  test("is free again when its time is over", async () => {
    const { emulator, mta } = await open();
    const sta = await emulator.openApartment("sta");
    const handle = await newEvent(mta);

    const waited = await call(sta, "WaitForSingleObject", handle, 70);

    expect([waited.value, emulator.clock.now()]).toEqual([WAIT_TIMEOUT, 70]);
  });
});
