import type { Measured } from "./measure.ts";

/** A table of rates: median, spread, and the ratio of the first row to each. */
export function table(title: string, rows: readonly Measured[]): string {
  const [ours] = rows;
  const lines = rows.map(({ name, median, least, most }) =>
    [
      name.padEnd(34),
      thousands(median).padStart(9),
      `${thousands(least)}–${thousands(most)}`.padStart(16),
      ours === undefined ? "" : `${(ours.median / median).toFixed(2)}×`.padStart(8),
    ].join(" "),
  );
  const head = `${"".padEnd(34)} ${"k ops/s".padStart(9)} ${"least–most".padStart(16)} ${"ratio".padStart(8)}`;
  return [title, head, ...lines, ""].join("\n");
}

function thousands(rate: number): string {
  return (rate / 1000).toFixed(rate < 100_000 ? 1 : 0);
}
