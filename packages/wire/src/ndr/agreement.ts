import type { Lookup, Scope } from "./codec.ts";
import type { NdrReader } from "./ndr-reader.ts";

/**
 * Refuses a message in which `seen`, an extent or a tag, is not what its parameter or member says.
 * What has not been read yet is compared at the end, by {@link settleLater}.
 */
export function agree(
  reader: NdrReader,
  scope: Scope,
  seen: number,
  lookup: Lookup | null,
  name: string,
): void {
  if (lookup === null) return;
  const value = lookup(scope);
  if (value === undefined || value === null) {
    (scope.later ??= []).push({ seen, lookup, name, owner: scope.owner });
  } else if (Number(value) !== seen) disagree(reader, name, value, seen);
}

/** Compares what had to wait; what is still unknown is none of this message's values. */
export function settleLater(reader: NdrReader, scope: Scope): void {
  if (scope.later === null) return;
  for (const { seen, lookup, name, owner } of scope.later) {
    scope.owner = owner;
    const value = lookup(scope);
    if (value === undefined || value === null) continue;
    if (Number(value) !== seen) disagree(reader, name, value, seen);
  }
  scope.owner = null;
}

function disagree(reader: NdrReader, name: string, value: unknown, seen: number): never {
  return reader.fail(`${name} is ${String(value)}, the bytes say ${seen}`);
}
