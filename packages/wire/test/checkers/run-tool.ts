import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs a program to its end and returns what it printed; throws when it fails. */
export function runTool(command: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs impacket_probe.py. */
export function runImpacket(args: readonly string[], input?: string): string {
  const script = fileURLToPath(new URL("impacket_probe.py", import.meta.url));
  return runTool("/usr/bin/python3", [script, ...args], input);
}

/** Gives `work` a directory of its own that is gone afterwards. */
export function inScratch<T>(work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "wire-"));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** How ndrdump is to read a message. */
export interface DumpOptions {
  /** Write the message again and compare; on unless told otherwise. */
  readonly validate?: boolean;
  /** The request of a reply whose arrays it sizes. */
  readonly request?: Uint8Array;
}

/**
 * What ndrdump prints about a message to `target`, which is interface, method and direction;
 * throws unless it parses the message.
 */
export function runNdrdump(target: string, bytes: Uint8Array, options: DumpOptions = {}): string {
  const { validate = true, request } = options;
  return inScratch((directory) => {
    const file = join(directory, "message");
    const context = join(directory, "request");
    writeFileSync(file, bytes);
    if (request !== undefined) writeFileSync(context, request);
    const flags = [
      ...(validate ? ["--validate", "--dump-data"] : []),
      ...(request === undefined ? [] : ["--context-file", context]),
    ];
    return runTool("ndrdump", [...flags, ...target.split(" "), file]);
  });
}

/** The fields that tshark finds in DCE/RPC messages to port 135, one line a message. */
export function runTshark(messages: readonly Uint8Array[], fields: readonly string[]): string[] {
  return inScratch((directory) => {
    const dump = join(directory, "dump");
    const capture = join(directory, "capture");
    writeFileSync(dump, messages.map(hexdump).join("\n"));
    runTool("text2pcap", ["-q", "-D", "-T", "40000,135", dump, capture]);
    const wanted = fields.flatMap((field) => ["-e", field]);
    return runTool("tshark", ["-r", capture, "-T", "fields", ...wanted])
      .replace(/\n$/, "")
      .split("\n");
  });
}

function hexdump(bytes: Uint8Array, index: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const way = index % 2 === 0 ? "O" : "I";
  return `${way}\n000000 ${hex.join(" ")}\n`;
}
