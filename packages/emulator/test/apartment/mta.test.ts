import { guid } from "@callfactory/core";
import { describe, expect, test } from "vitest";
import type { Thread } from "../../src/apartment/apartment.ts";
import { MtaApartment } from "../../src/apartment/mta.ts";
import { Running } from "../../src/apartment/running.ts";
import { CallLog, gate } from "./incoming.ts";

function open() {
  const running = new Running();
  const mta = new MtaApartment(running);
  return { mta, running, log: new CallLog(mta) };
}

describe("APT-06 calls run beside each other", () => {
  test("a call starts whatever the others do", async () => {
    const { log } = open();
    const gates = [gate(), gate(), gate()];

    const calls = gates.map(({ promise }, i) => log.deliver(String(i), () => promise));
    expect(log.lines).toEqual(["+0", "+1", "+2"]);
    for (const each of gates) each.open();
    await Promise.all(calls);

    expect(log.lines).toHaveLength(6);
  });

  test("calls end in any order", async () => {
    const { log } = open();
    const gates = [gate(), gate()] as const;
    const calls = gates.map(({ promise }, i) => log.deliver(String(i), () => promise));

    gates[1].open();
    await calls[1];
    gates[0].open();
    await calls[0];

    expect(log.lines).toEqual(["+0", "+1", "-1", "-0"]);
  });

  test("a wait ends whatever came in meanwhile", async () => {
    const { log } = open();
    const reply = gate();
    const endless = gate();
    const a = log.deliver("a", () => log.comCall(reply));
    void log.deliver("b", () => endless.promise);

    reply.open();
    await a;

    expect(log.lines).toEqual(["+a", "+b", "-a"]);
  });
});

test("APT-06 every call has a thread and a frame of its own", () => {
  const { mta } = open();
  const outer = guid("66666666-2222-4333-8444-555555555551");
  const inner = guid("66666666-2222-4333-8444-555555555552");
  const seen: { thread: Thread; cid: unknown }[] = [];
  const see = (thread: Thread): void => void seen.push({ thread, cid: thread.frame?.cid });

  mta.deliver({
    cid: outer,
    run: (thread) => {
      mta.deliver({ cid: inner, run: see, drop: () => {} });
      see(thread);
    },
    drop: () => {},
  });

  expect(seen.map(({ cid }) => cid)).toEqual([inner, outer]);
  expect(new Set(seen.map(({ thread }) => thread.id)).size).toBe(2);
  expect(seen.map(({ thread }) => thread.frame)).toEqual([null, null]);
});

test("calls that come after the end are dropped", async () => {
  const { mta, log } = open();
  mta.close();

  await log.deliver("a");

  expect(log.lines).toEqual(["!a"]);
});
