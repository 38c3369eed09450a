import type { TraceEvent } from "@callfactory/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LoadedAddon } from "../src/native-process.ts";
import { NativeProcess } from "../src/native-process.ts";

const SIGNAL: TraceEvent = { kind: "signal", atMs: 1, callId: 1, method: "IPipeByte::Pull" };

describe("trace", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("reports a listener that throws without disturbing who emits, or the next listener", () => {
    const process = new NativeProcess({} as LoadedAddon);
    const later: (() => void)[] = [];
    vi.stubGlobal("queueMicrotask", (callback: () => void) => later.push(callback));
    const seen: TraceEvent[] = [];
    process.trace(() => {
      throw new RangeError("listener");
    });
    process.trace((event) => seen.push(event));

    process.emit(SIGNAL);

    expect(seen).toEqual([SIGNAL]);
    expect(later).toHaveLength(1);
    expect(() => later[0]?.()).toThrow(RangeError);
  });
});
