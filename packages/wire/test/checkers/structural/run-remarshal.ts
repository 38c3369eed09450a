import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { underWine } from "../automation/run-wine.ts";
import { inScratch, runTool } from "../run-tool.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Where the part of unknwn.idl is that MinGW does not bring. */
const IDL = fileURLToPath(new URL("../../../../native/fixture/idl", import.meta.url));
const WIDL = "x86_64-w64-mingw32-widl";
const GCC = "x86_64-w64-mingw32-gcc-posix";

/** A request to the method of probe.idl that stands at `slot`. */
export interface Remarshaled {
  readonly slot: number;
  readonly hex: string;
}

/** What rpcrt4's proxy writes of what its stub has read, request by request; `null` if it read nothing. */
export function remarshal(requests: readonly Remarshaled[]): (string | null)[] {
  return inScratch((directory) => {
    for (const [kind, name] of [
      ["-p", "probe_p.c"],
      ["-h", "probe.h"],
      ["-u", "probe_i.c"],
    ] as const) {
      const out = ["-o", join(directory, name)];
      runTool(WIDL, [kind, "--win64", "-Oif", "-I", IDL, ...out, join(HERE, "probe.idl")]);
    }
    const program = join(directory, "remarshal.exe");
    const source = join(HERE, "remarshal.c");
    runTool(GCC, ["-O1", "-I", directory, "-o", program, source, "-lole32", "-lrpcrt4", "-luuid"]);
    const args = requests.map(({ slot, hex }) => `${slot}:${hex}`);
    const lines = underWine(program, args, join(directory, "output"));
    if (lines.pop() !== "end") throw new Error(`remarshal.exe did not end: ${lines.join("\n")}`);
    return lines.map((line) => {
      const [, hex, hr] = line.split(":");
      return hr === "00000000" ? (hex ?? null) : null;
    });
  });
}
