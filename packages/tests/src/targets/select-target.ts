import type { Target } from "../harness/target.ts";
import { emulatorTarget } from "./emulator.ts";
import { nativeInproc } from "./native-inproc.ts";

/** All targets, in the order of the matrix's columns; native ones with the gaps of Wine. */
export const TARGETS: readonly Target[] = [emulatorTarget, nativeInproc({ wine: true })];

/**
 * The target named by the environment variable CALLFACTORY_TARGET; the emulator when it is unset.
 *
 * CALLFACTORY_WINE=1 says that Windows is Wine, so that its gaps are expected.
 *
 * @throws TypeError for a name that is no target's.
 */
export function selectTarget(name = process.env["CALLFACTORY_TARGET"] ?? "emulator"): Target {
  const wine = process.env["CALLFACTORY_WINE"] === "1";
  const targets = [emulatorTarget, nativeInproc({ wine })];
  const target = targets.find((candidate) => candidate.name === name);
  if (target !== undefined) return target;
  const names = targets.map((candidate) => candidate.name).join(", ");
  throw new TypeError(`CALLFACTORY_TARGET is ${JSON.stringify(name)}; there are ${names}`);
}
