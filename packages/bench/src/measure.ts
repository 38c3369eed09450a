/** One way of doing the work that is compared. */
export interface Contender {
  readonly name: string;
  /** Does the work `count` times. */
  readonly run: (count: number) => void;
}

/** What a contender did in all rounds, in operations per second. */
export interface Measured {
  readonly name: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** How long, and how often. */
export interface Effort {
  readonly rounds: number;
  /** How long a contender works in each round, at least. */
  readonly roundMs: number;
}

/** Runs all contenders in turn, round by round, so that what disturbs one disturbs all. */
export function measure(contenders: readonly Contender[], effort: Effort): Measured[] {
  // One round for the compiler: it does not count.
  for (const contender of contenders) timeOne(contender, effort.roundMs);
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round < effort.rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      rates[i]?.push(timeOne(contender, effort.roundMs));
    }
  }
  return contenders.map(({ name }, i) => summarize(name, rates[i] as number[]));
}

/** Operations per second over at least `leastMs`. */
function timeOne({ run }: Contender, leastMs: number): number {
  let count = 64;
  for (;;) {
    const start = performance.now();
    run(count);
    const tookMs = performance.now() - start;
    if (tookMs >= leastMs) return (count / tookMs) * 1000;
    count = Math.ceil(count * Math.min(16, Math.max(1.2, (leastMs * 1.1) / (tookMs + 0.01))));
  }
}

function summarize(name: string, rates: readonly number[]): Measured {
  const sorted = [...rates].sort((a, b) => a - b);
  return {
    name,
    median: sorted[sorted.length >> 1] as number,
    least: sorted[0] as number,
    most: sorted.at(-1) as number,
  };
}
