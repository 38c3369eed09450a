import { describe, expect, test } from "vitest";
import { Ledger, type LedgerItem, type LedgerKind } from "../../src/object/ledger.ts";
import { Place, userFrames } from "../../src/object/place.ts";

function item(ledgerKind: LedgerKind, name = "IThing"): LedgerItem {
  return { ledgerKind, describe: () => ({ name, apartment: "MTA", references: 1 }) };
}

describe("the ledger", () => {
  test("shows what is alive by kind", () => {
    const ledger = new Ledger();
    const [one, other] = [item("proxy"), item("proxy")];
    ledger.opened(one);
    ledger.opened(other);
    ledger.opened(item("stub"));

    ledger.closed(one);

    expect(ledger.open()).toEqual({ proxy: 1, stub: 1 });
  });

  test("shows what was closed twice", () => {
    const ledger = new Ledger();
    const call = item("call");
    ledger.opened(call);

    ledger.closed(call);
    ledger.closed(call);

    expect(ledger.open()).toEqual({ call: -1 });
  });

  test("asks what is alive to describe itself", () => {
    const ledger = new Ledger();
    ledger.opened(item("object"));

    expect(ledger.list()).toEqual([
      { kind: "object", name: "IThing", apartment: "MTA", references: 1, places: [], stack: "" },
    ]);
  });

  test("keeps no place unless told to", () => {
    expect(new Ledger().place()).toBe(null);
  });
});

describe("a ledger that keeps places", () => {
  test("keeps the place where each thing was opened", () => {
    const ledger = new Ledger("places");

    ledger.opened(item("object"));

    expect(ledger.list()[0]?.places[0]).toMatch(/\/test\/object\/ledger\.test\.ts:\d+:\d+$/);
    expect(ledger.list()[0]?.stack).toContain("ledger.test.ts");
  });

  test("opens things for the place that it is told", () => {
    const ledger = new Ledger("places");
    const place = new Place();
    const same = item("object");

    ledger.at(place, () => ledger.opened(same));
    ledger.opened(item("stub"));

    const [mine, other] = ledger.list();
    expect(mine?.places).toEqual(place.frames);
    expect(other?.places).not.toEqual(place.frames);
  });

  test("goes back to the place before, also after a throw", () => {
    const ledger = new Ledger("places");
    const outer = new Place();
    ledger.at(outer, () => {
      const fail = (): never => {
        throw new Error("no");
      };

      expect(() => ledger.at(new Place(), fail)).toThrow("no");

      expect(ledger.place()).toBe(outer);
    });
  });

  test("remembers for whom a request passes by", () => {
    const ledger = new Ledger("places");
    const [request, unmarked] = [{}, {}];

    ledger.at(new Place(), () => ledger.mark(request));

    expect(ledger.markOf(request)).toBeInstanceOf(Place);
    expect(ledger.markOf(unmarked)).toBe(null);
  });
});

describe("the frames of a stack that are the user's", () => {
  test.each([
    ["V8", "    at open (file:///app/src/main.ts:3:14)", "/app/src/main.ts:3:14"],
    ["V8, async", "    at async /app/src/main.ts:3:14", "/app/src/main.ts:3:14"],
    ["V8 on Windows", "    at open (C:\\app\\main.ts:3:14)", "C:/app/main.ts:3:14"],
    ["a URL of Windows", "    at file:///C:/app/main.ts:3:14", "C:/app/main.ts:3:14"],
    ["a page", "    at open (http://localhost:80/a.js?v=2:3:14)", "http://localhost:80/a.js:3:14"],
    ["another engine", "open@https://example.org/a.js:3:14", "https://example.org/a.js:3:14"],
  ])("are read as %s writes them", (_, line, expected) => {
    expect(userFrames(`Error: here\n${line}`)).toEqual([expected]);
  });

  test.each([
    ["the JavaScript engine", "    at process.run (node:internal/process/task_queues:95:5)"],
    [
      "a package of ours",
      "    at f (/app/node_modules/@callfactory/emulator/dist/process.js:3:14)",
    ],
    ["the API", "    at f (file:///app/node_modules/callfactory/dist/com.js:3:14)"],
    ["nowhere", "    at Array.map (<anonymous>)"],
    [
      "our sources",
      `    at f (${import.meta.url.replace("test/object/ledger.test", "src/process")}:3:14)`,
    ],
  ])("are not those of %s", (_, line) => {
    expect(userFrames(`Error: here\n${line}`)).toEqual([]);
  });
});
