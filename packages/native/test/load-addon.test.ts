import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AddonLoadError, type LoadAddonOptions, loadAddon } from "../src/load-addon.ts";
import { readPeMachine } from "../src/pe-machine.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callfactory-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A file with nothing but the headers of a DLL for `machine`. */
function writePe(machine: number): string {
  const bytes = new Uint8Array(0x100);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, 0x80, true);
  view.setUint32(0x80, 0x00004550, true);
  view.setUint16(0x84, machine, true);
  return write(bytes);
}

function write(bytes: Uint8Array): string {
  const path = join(folder, "callfactory.node");
  writeFileSync(path, bytes);
  return path;
}

function errorOf(options: LoadAddonOptions): AddonLoadError {
  try {
    loadAddon(options);
  } catch (error) {
    if (error instanceof AddonLoadError) return error;
  }
  throw new Error("loadAddon did not throw an AddonLoadError");
}

describe("loadAddon", () => {
  it("names the platform that is not Windows, and the way out", () => {
    const error = errorOf({ platform: "linux" });

    expect(error.code).toBe("NOT_WINDOWS");
    expect(error.message).toMatch(/this is linux.*emulator/);
  });

  it("says how to get an addon that is missing, and where it looked", () => {
    const path = join(folder, "callfactory.node");

    const error = errorOf({ platform: "win32", arch: "x64", candidates: [path] });

    expect(error.code).toBe("ADDON_MISSING");
    expect(error.message).toContain(path);
    expect(error.message).toMatch(/@callfactory\/native-win32-x64.*node-gyp/);
  });

  it("names both architectures when they differ", () => {
    const addonPath = writePe(0xaa64);

    const error = errorOf({ platform: "win32", arch: "x64", addonPath });

    expect(error.code).toBe("ADDON_WRONG_ARCHITECTURE");
    expect(error.message).toMatch(/is made for arm64.*needs one for x64/);
  });

  it("takes a file that is no DLL for what it is", () => {
    const addonPath = write(new TextEncoder().encode("#!/bin/sh\n"));

    const error = errorOf({ platform: "win32", arch: "x64", addonPath });

    expect(error.code).toBe("ADDON_WRONG_ARCHITECTURE");
    expect(error.message).toContain("is not a Windows DLL");
  });

  it("passes on why a matching addon does not load", () => {
    const addonPath = writePe(0x8664);

    const error = errorOf({ platform: "win32", arch: "x64", addonPath });

    expect(error.code).toBe("ADDON_LOAD_FAILED");
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe("readPeMachine", () => {
  it.each([
    [0x8664, "x64"],
    [0xaa64, "arm64"],
    [0x014c, "ia32"],
    [0x01c4, "arm"],
    [0x0200, "0x200"],
  ])("reads machine %i as %s", (machine, name) => {
    expect(readPeMachine(writePe(machine))).toBe(name);
  });

  it("returns null for a header that ends too soon", () => {
    expect(readPeMachine(write(Uint8Array.of(0x4d, 0x5a)))).toBeNull();
  });
});
