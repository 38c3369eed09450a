import type { Target } from "../harness/target.ts";
import { emulatorTarget } from "./emulator.ts";

/** All targets, in the order of the matrix's columns. */
export const TARGETS: readonly Target[] = [emulatorTarget];

/**
 * The target named by the environment variable CALLFACTORY_TARGET; the emulator when it is unset.
 *
 * @throws TypeError for a name that is no target's.
 */
export function selectTarget(name = process.env["CALLFACTORY_TARGET"] ?? "emulator"): Target {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target !== undefined) return target;
  const names = TARGETS.map((candidate) => candidate.name).join(", ");
  throw new TypeError(`CALLFACTORY_TARGET is ${JSON.stringify(name)}; there are ${names}`);
}
