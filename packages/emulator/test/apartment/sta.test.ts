import { guid } from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { Running } from "../../src/apartment/running.ts";
import { StaApartment } from "../../src/apartment/sta.ts";
import { CallLog, gate } from "./incoming.ts";

function open() {
  const running = new Running();
  const sta = new StaApartment("STA 1", running);
  return { sta, running, log: new CallLog(sta) };
}

describe("APT-05 one call at a time", () => {
  test("a call waits until the one before it has ended", async () => {
    const { log } = open();
    const first = gate();

    const calls = [log.deliver("a", () => first.promise), log.deliver("b")];
    expect(log.lines).toEqual(["+a"]);
    first.open();
    await Promise.all(calls);

    expect(log.lines).toEqual(["+a", "-a", "+b", "-b"]);
  });

  test("calls run in the order of their arrival", async () => {
    const { log } = open();
    const first = gate();
    const names = ["a", "b", "c", "d"];

    const calls = names.map((name) => log.deliver(name, () => first.promise));
    first.open();
    await Promise.all(calls);

    expect(log.lines).toEqual(names.flatMap((name) => [`+${name}`, `-${name}`]));
  });

  test("a promise that is no COM call blocks the apartment", async () => {
    const { log } = open();
    const unrelated = gate();

    void log.deliver("a", () => unrelated.promise);
    void log.deliver("b");
    await new Promise(setImmediate);

    expect(log.lines).toEqual(["+a"]);
  });
});

describe("APT-05 reentrancy", () => {
  test("APT-07 a call that waits in an outgoing COM call lets another in", async () => {
    const { log } = open();
    const reply = gate();

    const a = log.deliver("a", () => log.comCall(reply));
    await log.deliver("b");
    reply.open();
    await a;

    expect(log.lines).toEqual(["+a", "+b", "-b", "-a"]);
  });

  test("a call that arrived before the wait began is served in it", async () => {
    const { log } = open();
    const start = gate();
    const reply = gate();
    const a = log.deliver("a", async () => {
      await start.promise;
      await log.comCall(reply);
    });
    const b = log.deliver("b");
    expect(log.lines).toEqual(["+a"]);

    start.open();
    await b;

    expect(log.lines).toEqual(["+a", "+b", "-b"]);
    reply.open();
    await a;
  });

  test("no call comes in any more once the COM call has ended", async () => {
    const { log } = open();
    const reply = gate();
    const rest = gate();
    const a = log.deliver("a", async () => {
      await log.comCall(reply);
      await rest.promise;
    });
    reply.open();
    await new Promise(setImmediate);

    const b = log.deliver("b");

    expect(log.lines).toEqual(["+a"]);
    rest.open();
    await Promise.all([a, b]);
    expect(log.lines).toEqual(["+a", "-a", "+b", "-b"]);
  });

  test("a wait goes on only after the calls served inside it have ended", async () => {
    const { log } = open();
    const replies = { a: gate(), b: gate() };
    const a = log.deliver("a", () => log.comCall(replies.a));
    const b = log.deliver("b", () => log.comCall(replies.b));

    replies.a.open();
    await new Promise(setImmediate);
    expect(log.lines).toEqual(["+a", "+b"]);
    replies.b.open();
    await Promise.all([a, b]);

    expect(log.lines).toEqual(["+a", "+b", "-b", "-a"]);
  });

  test("three nested waits resume last in, first out", async () => {
    const { log } = open();
    const replies = [gate(), gate(), gate()];
    const calls = replies.map((reply, i) => log.deliver(String(i), () => log.comCall(reply)));

    for (const reply of replies) reply.open();
    await Promise.all(calls);

    expect(log.lines).toEqual(["+0", "+1", "+2", "-2", "-1", "-0"]);
  });

  test("a wait gives what it waited for", async () => {
    const { log } = open();
    const reply = gate<number>();
    let got = 0;
    const a = log.deliver("a", async () => {
      got = await log.comCall(reply);
    });

    reply.open(42);
    await a;

    expect(got).toBe(42);
  });

  test("the thread's own waits outside any call do not block calls", async () => {
    const { log } = open();
    const reply = gate();

    const own = log.comCall(reply);
    await log.deliver("a");
    reply.open();
    await own;

    expect(log.lines).toEqual(["+a", "-a"]);
  });
});

describe("the frame", () => {
  test("APT-15 a call carries its causality id", () => {
    const { sta } = open();
    const cid = guid("66666666-2222-4333-8444-555555555551");
    let seen: unknown = null;

    sta.deliver({
      cid,
      run: () => {
        seen = sta.thread.frame?.cid;
      },
      drop: () => {},
    });

    expect(seen).toBe(cid);
    expect(sta.thread.frame).toBeNull();
  });

  test("the apartment whose code runs is known while it runs", () => {
    const { sta, running, log } = open();
    let seen: unknown = null;

    void log.deliver("a", () => {
      seen = running.apartment;
    });

    expect(seen).toBe(sta);
    expect(running.apartment).toBeNull();
  });
});

test("APT-05 a COM call that nobody awaits ends after the call that made it", async () => {
  const { log } = open();
  const until = gate<number>();
  const second = gate();
  const made = gate<number>();
  await log.deliver("a", () => {
    void log.comCall(until).then((value) => made.open(value));
  });
  void log.deliver("b", () => second.promise);

  until.open(7);

  expect(await made.promise).toBe(7);
});

test("APT-05 a long queue of short calls runs to its end", async () => {
  const { sta, log } = open();
  const first = gate();
  const a = log.deliver("a", () => first.promise);
  let ran = 0;
  const run = (): void => {
    ran++;
  };
  for (let i = 0; i < 50_000; i++) sta.deliver({ cid: null, run, drop: () => {} });

  first.open();
  await a;
  await log.deliver("b");

  expect(ran).toBe(50_000);
});

test("APT-05 what throws leaves the apartment free", async () => {
  const { sta, log } = open();
  const run = (): void => {
    throw new Error("thrown in the apartment");
  };

  expect(() => sta.deliver({ cid: null, run, drop: () => {} })).toThrow("thrown");
  await log.deliver("b");

  expect(log.lines).toEqual(["+b", "-b"]);
});

describe("LIFE-10 close", () => {
  test("calls that have not started are dropped", async () => {
    const { sta, log } = open();
    const first = gate();
    void log.deliver("a", () => first.promise);
    const b = log.deliver("b");

    sta.close();
    await b;

    expect(log.lines).toEqual(["+a", "!b"]);
  });

  test("calls that come later are dropped at once", async () => {
    const { sta, log } = open();
    sta.close();

    await log.deliver("a");

    expect(log.lines).toEqual(["!a"]);
    expect(sta.isClosed).toBe(true);
  });
});
