import type { Clock } from "callfactory";

/** One thing that takes time. */
interface Row {
  readonly label: string;
  readonly startMs: number;
  endMs: number;
  outcome: string;
}

/** Columns of the bars, and what one of them stands for. */
const WIDTH = 44;

/** Draws calls as bars under a common clock. */
export class Timeline {
  readonly #clock: Clock;
  readonly #originMs: number;
  readonly #rows: Row[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#originMs = clock.now();
  }

  /** Starts a bar; `end` ends it and says how it came out. */
  start(label: string): { end(outcome: string): void } {
    const startMs = this.#nowMs();
    const row: Row = { label, startMs, endMs: startMs, outcome: "" };
    this.#rows.push(row);
    return {
      end: (outcome) => {
        row.endMs = this.#nowMs();
        row.outcome = outcome;
      },
    };
  }

  lines(): string[] {
    const totalMs = Math.max(1, ...this.#rows.map((row) => row.endMs));
    const scale = WIDTH / totalMs;
    return this.#rows.map((row) => {
      const from = Math.min(WIDTH - 1, Math.floor(row.startMs * scale));
      const length = Math.max(1, Math.round((row.endMs - row.startMs) * scale));
      const bar = `${" ".repeat(from)}${"█".repeat(length)}`.slice(0, WIDTH).padEnd(WIDTH);
      const took = `${Math.round(row.endMs - row.startMs)} ms`.padStart(7);
      const at = String(Math.round(row.startMs)).padStart(4);
      return `${row.label.padEnd(15)} ${at} │${bar}│ ${took}  ${row.outcome}`;
    });
  }

  #nowMs(): number {
    return this.#clock.now() - this.#originMs;
  }
}
