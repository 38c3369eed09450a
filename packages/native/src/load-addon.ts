import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Addon } from "./addon.ts";
import { readPeMachine } from "./pe-machine.ts";

/** Why the addon could not be loaded. */
export type AddonLoadErrorCode =
  | "NOT_WINDOWS"
  | "ADDON_MISSING"
  | "ADDON_WRONG_ARCHITECTURE"
  | "ADDON_LOAD_FAILED";

/** The native addon could not be loaded; the message says what to do. */
export class AddonLoadError extends Error {
  readonly code: AddonLoadErrorCode;

  constructor(code: AddonLoadErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "AddonLoadError";
    this.code = code;
  }
}

/** Where to look and for whom; each has the running process's value by default. */
export interface LoadAddonOptions {
  /** The path of a `callfactory.node`, in place of the search. */
  readonly addonPath?: string;
  readonly platform?: string;
  readonly arch?: string;
  /** Places to search, in order. */
  readonly candidates?: readonly string[];
}

const require = createRequire(import.meta.url);

/**
 * Loads the addon: the one built in this package, else the platform package's.
 *
 * @throws AddonLoadError when this is not Windows, when there is no addon, when it is made for
 *   another architecture, or when Windows refuses to load it.
 */
export function loadAddon(options: LoadAddonOptions = {}): Addon {
  const { platform = process.platform, arch = process.arch } = options;
  if (platform !== "win32") {
    throw new AddonLoadError(
      "NOT_WINDOWS",
      `the native backend needs the COM of Windows, and this is ${platform}: use the emulator ` +
        `(openCom({ backend: "emulator" }))`,
    );
  }
  const path = findAddon(options, arch);
  checkArchitecture(path, arch);
  try {
    return require(path) as Addon;
  } catch (error) {
    throw new AddonLoadError(
      "ADDON_LOAD_FAILED",
      `${path} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function findAddon(options: LoadAddonOptions, arch: string): string {
  const places =
    options.addonPath === undefined
      ? (options.candidates ?? candidates(arch))
      : [options.addonPath];
  const path = places.find((place) => existsSync(place));
  if (path !== undefined) return path;
  const searched = places.length === 0 ? "" : `; searched ${places.join(", ")}`;
  throw new AddonLoadError(
    "ADDON_MISSING",
    `there is no native addon for win32-${arch}${searched}. Install ` +
      `@callfactory/native-win32-${arch}, or build it: 'npx node-gyp rebuild' at the top of the ` +
      `repository on Windows, 'npm run build:wine -w @callfactory/native' for tests under Wine`,
  );
}

function candidates(arch: string): string[] {
  const built = fileURLToPath(new URL("../build/Release/callfactory.node", import.meta.url));
  const packaged = resolvePlatformPackage(arch);
  return packaged === null ? [built] : [built, packaged];
}

/** Literal names, so that bundlers and package managers see what may be loaded. */
function resolvePlatformPackage(arch: string): string | null {
  try {
    switch (arch) {
      case "x64":
        return require.resolve("@callfactory/native-win32-x64/callfactory.node");
      case "arm64":
        return require.resolve("@callfactory/native-win32-arm64/callfactory.node");
      default:
        return null;
    }
  } catch {
    return null;
  }
}

function checkArchitecture(path: string, arch: string): void {
  let machine: string | null;
  try {
    machine = readPeMachine(path);
  } catch (error) {
    throw new AddonLoadError("ADDON_LOAD_FAILED", `${path} cannot be read`, { cause: error });
  }
  if (machine === arch) return;
  const found = machine === null ? "is not a Windows DLL" : `is made for ${machine}`;
  throw new AddonLoadError(
    "ADDON_WRONG_ARCHITECTURE",
    `${path} ${found}, but this Node.js (${process.version}) needs one for ${arch}: install ` +
      `@callfactory/native-win32-${arch}, or rebuild the addon`,
  );
}
