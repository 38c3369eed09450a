import { createEmulator } from "@callfactory/emulator";
import { afterEach, describe, expect, test, vi } from "vitest";
import { IPipeByte, openCom } from "../src/index.ts";
import { chooseBackend } from "../src/open-com.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the choice of the backend", () => {
  test("an option comes first", () => {
    const env = { CALLFACTORY_BACKEND: "native" };

    expect(chooseBackend("emulator", { platform: "win32", env })).toEqual({
      name: "emulator",
      reason: "openCom was told so",
    });
  });

  test("then CALLFACTORY_BACKEND", () => {
    const env = { CALLFACTORY_BACKEND: "emulator" };

    expect(chooseBackend(undefined, { platform: "win32", env })).toEqual({
      name: "emulator",
      reason: "CALLFACTORY_BACKEND is set",
    });
  });

  test("then the platform: native on Windows", () => {
    expect(chooseBackend(undefined, { platform: "win32", env: {} }).name).toBe("native");
  });

  test.each(["linux", "darwin"])("then the platform: the emulator on %s", (platform) => {
    expect(chooseBackend(undefined, { platform, env: {} })).toEqual({
      name: "emulator",
      reason: `this is ${platform}, not Windows`,
    });
  });

  test("the emulator in a browser, which has no process", () => {
    expect(chooseBackend(undefined, {}).name).toBe("emulator");
  });

  test("an empty CALLFACTORY_BACKEND counts as none", () => {
    const env = { CALLFACTORY_BACKEND: "" };

    expect(chooseBackend(undefined, { platform: "win32", env }).name).toBe("native");
  });

  test.each(["Native", "wine", 5, null])("the option %o is refused", (option) => {
    expect(() => chooseBackend(option, {})).toThrow(/option 'backend' must be "emulator" or/);
  });

  test("a wrong CALLFACTORY_BACKEND is refused by its name", () => {
    const env = { CALLFACTORY_BACKEND: "wine" };

    expect(() => chooseBackend(undefined, { env })).toThrow(
      new TypeError('CALLFACTORY_BACKEND must be "emulator" or "native", got "wine"'),
    );
  });
});

describe("openCom", () => {
  test("says which backend runs, and why", async () => {
    vi.stubEnv("CALLFACTORY_BACKEND", "emulator");

    const com = await openCom();

    expect([com.backend, com.reason]).toEqual(["emulator", "CALLFACTORY_BACKEND is set"]);
    await com.close();
  });

  test("takes a backend made elsewhere", async () => {
    const com = await openCom({ backend: createEmulator() });

    expect(com.reason).toBe("the backend emulator was passed to openCom");
    await com.close();
  });

  test("passes its options on to the emulator", async () => {
    const com = await openCom({ backend: "emulator", emulator: { clock: "virtual" } });

    expect([com.clock.now(), com.features.has("virtual-clock")]).toEqual([0, true]);
    await com.close();
  });

  test("opens an MTA unless it is told otherwise", async () => {
    const [mta, sta] = await Promise.all([
      openCom({ backend: "emulator" }),
      openCom({ backend: "emulator", apartment: "sta" }),
    ]);

    expect([mta.apartment, sta.apartment]).toEqual(["mta", "sta"]);
  });

  test("refuses an apartment that does not exist", async () => {
    await expect(openCom({ apartment: "nta" as "sta" })).rejects.toThrow(
      new TypeError('apartment must be "sta" or "mta", got "nta"'),
    );
  });

  test("refuses emulator options for the native backend", async () => {
    await expect(openCom({ backend: "native", emulator: { seed: 1 } })).rejects.toThrow(
      /option 'emulator' does not go with the native backend/,
    );
  });

  test("LIFE-09 closing it disconnects its objects", async () => {
    const com = await openCom({ backend: "emulator" });
    await com.close();

    await expect(com.createInstance(IPipeByte.iid, IPipeByte)).rejects.toThrow(
      /CO_E_NOTINITIALIZED/,
    );
  });

  test("goes with await using", async () => {
    const com = await openCom({ backend: "emulator" });

    await com[Symbol.asyncDispose]();

    await expect(com.createInstance(IPipeByte.iid, IPipeByte)).rejects.toThrow();
  });
});
