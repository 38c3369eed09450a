#!/usr/bin/env node
import { parseArgs } from "node:util";
import { benchCodecs } from "./codec/codec-bench.ts";
import { table } from "./table.ts";

const USAGE = `usage: npm run bench [-- options]

  --rounds N     rounds of each contender, of which the median counts (default 5)
  --round-ms N   how long a contender works in a round (default 300)
  --help         this text

Only ratios within one run mean anything: ours is the first row, and a ratio above 1 says that
it is faster than that row.`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    "round-ms": { type: "string", default: "300" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  const effort = { rounds: positive(values.rounds), roundMs: positive(values["round-ms"]) };
  for (const doubles of [4, 256]) {
    for (const { direction, rows } of benchCodecs(doubles, effort)) {
      console.log(table(`${direction}, ${doubles} doubles`, rows));
    }
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`expected a whole number above 0, got ${JSON.stringify(text)}`);
}
