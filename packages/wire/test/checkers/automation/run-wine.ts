import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inScratch, runTool } from "../run-tool.ts";

const SOURCE = fileURLToPath(new URL("user_marshal.c", import.meta.url));
const WINE_BUILD = fileURLToPath(new URL("../../../../../wine/build", import.meta.url));
const TIME_LIMIT_MS = 180_000;

/**
 * What oleaut32 writes, as name and hex: of the values that user_marshal.c makes, or of each of
 * `given`, KIND:HEX, once it has read it.
 */
export function runUserMarshal(given: readonly string[] = []): [string, string][] {
  return inScratch((directory) => {
    const program = join(directory, "user_marshal.exe");
    const libraries = ["-lole32", "-loleaut32", "-luuid"];
    runTool("x86_64-w64-mingw32-gcc-posix", ["-O1", "-o", program, SOURCE, ...libraries]);
    const lines = underWine(program, given, join(directory, "output"));
    if (lines.pop() !== "end") throw new Error(`user_marshal.exe did not end: ${lines.join("\n")}`);
    return lines.map((line) => line.split(":") as [string, string]);
  });
}

/** The lines that a Windows program prints; into a file, because pipes do not always work there. */
export function underWine(program: string, args: readonly string[], outputPath: string): string[] {
  mkdirSync(WINE_BUILD, { recursive: true });
  const output = openSync(outputPath, "w");
  const { status, error } = spawnSync("wine", [program, ...args], {
    env: {
      ...process.env,
      WINEPREFIX: join(WINE_BUILD, "prefix"),
      WINEDEBUG: "-all",
      // Without a debugger a crash keeps its exit code; without the others, boot asks for nothing.
      WINEDLLOVERRIDES: "winedbg.exe=d;mscoree=;mshtml=",
      DISPLAY: "",
    },
    stdio: ["ignore", output, "ignore"],
    timeout: TIME_LIMIT_MS,
  });
  closeSync(output);
  const text = readFileSync(outputPath, "utf8").replaceAll("\r\n", "\n").trimEnd();
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program}: ${status}\n${text}`);
  return text.split("\n");
}
