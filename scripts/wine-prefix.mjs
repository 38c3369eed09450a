// The Wine prefix that the tests run in: wine/build/prefix.

import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WINE = fileURLToPath(new URL("../wine/", import.meta.url));

/** What is generated for Wine; not under version control. */
export const WINE_BUILD = join(WINE, "build");

const PREFIX = join(WINE_BUILD, "prefix");
/** Written last of all; its name changes when the steps below do. */
const READY = join(PREFIX, ".callfactory-ready-1");
const START_LIMIT_MS = 180_000;

/** The environment of everything that runs under Wine. */
export function wineEnvironment() {
  return {
    ...process.env,
    WINEPREFIX: PREFIX,
    WINEDEBUG: "-all",
    // Without a debugger a crash keeps its exit code; without the others, boot asks for nothing.
    WINEDLLOVERRIDES: "winedbg.exe=d;mscoree=;mshtml=",
    DISPLAY: "",
  };
}

/** Makes the prefix, once. */
export function preparePrefix() {
  if (existsSync(READY)) return;
  rmSync(PREFIX, { recursive: true, force: true });
  mkdirSync(PREFIX, { recursive: true });
  wine(["wineboot", "-i"]);
  // Node.js refuses to start on what it takes for an older Windows.
  wine(["winecfg", "-v", "win10"]);
  installBcryptPrimitives();
  writeFileSync(READY, "");
}

/** @param {string[]} args */
function wine(args) {
  const log = join(WINE_BUILD, "prefix.log");
  const output = openSync(log, "a");
  const { status, error } = spawnSync("wine", args, {
    env: wineEnvironment(),
    stdio: ["ignore", output, output],
    timeout: START_LIMIT_MS,
  });
  closeSync(output);
  if (status !== 0) {
    throw new Error(`wine ${args.join(" ")} failed; see ${log}`, { cause: error });
  }
}

function installBcryptPrimitives() {
  const target = join(PREFIX, "drive_c/windows/system32/bcryptprimitives.dll");
  if (existsSync(target)) return;
  const built = join(WINE_BUILD, "bcryptprimitives.dll");
  const args = [
    "-O2",
    "-shared",
    "-s",
    "-o",
    built,
    join(WINE, "bcryptprimitives.c"),
    "-ladvapi32",
  ];
  const { status, stderr } = spawnSync("x86_64-w64-mingw32-gcc-posix", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`bcryptprimitives.dll was not built: ${stderr}`);
  copyFileSync(built, target);
}
