import { spawnSync } from "node:child_process";

/** The Debian packages that bring the independent checkers. */
export const CHECKER_PACKAGES = [
  "python3-impacket",
  "samba-testsuite",
  "samba-common-bin",
  "python3-samba",
  "tshark",
  "wine",
  "wine64",
  "gcc-mingw-w64-x86-64-posix",
];

/** Commands that tell whether each checker is there. */
const PROBES = [
  ["/usr/bin/python3", "-c", "import impacket.dcerpc.v5.dcomrt"],
  ["ndrdump", "--help"],
  ["tshark", "--version"],
  ["text2pcap", "--help"],
  ["wine", "--version"],
  ["x86_64-w64-mingw32-gcc-posix", "--version"],
];

/** The checkers that do not start, by command line; empty when all are there. */
export function missingCheckers() {
  return PROBES.filter(([command, ...args]) => {
    const { status } = spawnSync(command, args, { stdio: "ignore" });
    return status !== 0;
  }).map((probe) => probe.join(" "));
}
