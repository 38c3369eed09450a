import type { Scope } from "./codec.ts";
import type { NdrHost } from "./host.ts";

/** What a message may make up for elements that do not travel. */
const SPARE_BYTES = 0x4000000;

/** The scope of one message: `ins` and `outs` may still be filled. */
export function newScope(
  host: NdrHost,
  ins: readonly unknown[],
  outs: readonly unknown[],
  probing: boolean,
): Scope {
  return {
    host,
    ins,
    outs,
    owner: null,
    maxCount: 0,
    maxCounts: [],
    full: null,
    replyBits: 0,
    nesting: 0,
    spareBytes: SPARE_BYTES,
    later: null,
    probing,
  };
}
