/** A stream of pseudo-random numbers that a seed determines. */
export interface Random {
  /** The next 32 bits, unsigned. */
  next(): number;
  /** A number from 0 to `count` - 1. */
  below(count: number): number;
}

/** Starts the stream of `seed` (Chris Doty-Humphrey's sfc32). */
export function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return { next, below: (count) => Math.floor((next() / 0x100000000) * count) };
}
