/**
 * Refuses options that nobody knows: a misspelled one must not be ignored.
 *
 * @throws TypeError for what is no object, and for an unknown option, naming it and the known ones.
 */
export function checkOptionNames(
  where: string,
  options: unknown,
  known: readonly string[],
): asserts options is object {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${String(options)}`);
  }
  // Inherited ones too: an AbortSignal that is passed in place of { signal } has nothing of its own.
  for (const name in options) {
    if (known.includes(name)) continue;
    throw new TypeError(`${where}: unknown option '${name}'; known are ${known.join(", ")}`);
  }
}
