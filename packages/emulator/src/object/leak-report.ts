import type { LedgerKind, OpenReference } from "./ledger.ts";

/** Kinds with what to do about one that is left over; causes before what they keep alive. */
const NEXT_STEP: Readonly<Record<LedgerKind, string>> = {
  pointer: "release it, or declare it with `using`",
  call: "let the server complete it, or cancel and finish it",
  "call object": "finish its call, then release it",
  object: "it goes with the last reference to it",
  proxy: "it goes with the last pointer to it",
  stub: "it goes with the last proxy of it",
  handle: "close it with CloseHandle",
};

/** Frames of the user's code to show of each place. */
const SHOWN_FRAMES = 3;

/** Writes for people what is left over; `keepsPlaces` says whether places were kept. */
export function leakReport(open: readonly OpenReference[], keepsPlaces: boolean): string {
  const kinds = Object.keys(NEXT_STEP);
  const inOrder = [...open].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  const lines = inOrder.map((one) => `  ${lineOf(one)}: ${NEXT_STEP[one.kind]}`);
  if (!keepsPlaces) {
    lines.push('Make the emulator with { ledger: "places" } to see who asked for each.');
  }
  return [`${open.length} left over:`, ...lines].join("\n");
}

function lineOf({ kind, name, apartment, references, places }: OpenReference): string {
  const home = apartment === null ? "agile" : `in ${apartment}`;
  const count = references === 1 ? "1 reference" : `${references} references`;
  const [first = "", ...callers] = places;
  const own = callers.filter((caller) => !caller.includes("/node_modules/"));
  const asked = [first, ...own.slice(0, SHOWN_FRAMES - 1)].join(", called at ");
  return `${kind} ${name}, ${home}, ${count}${asked === "" ? "" : `, from ${asked}`}`;
}
