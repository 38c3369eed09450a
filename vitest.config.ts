import { defineConfig } from "vitest/config";

// Node 20 lacks Map.groupBy, with which vitest prints failures.
Map.groupBy ??= function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K) {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

const CONFORMANCE = "packages/tests/src/conformance/**/*.test.ts";
const WIRE_CHECKERS = "packages/wire/test/checkers/**/*.test.ts";
const WITHOUT_SOURCE = "packages/wire/test/without-source.test.ts";
const BROWSER = "packages/tests/test/browser/**/*.test.ts";

/** The conformance suite against one target, named as in the suite's own list of targets. */
function conformance(target: string, { name = target, env = {} } = {}) {
  return {
    extends: true as const,
    test: {
      name: `conformance-${name}`,
      include: [CONFORMANCE],
      env: { CALLFACTORY_TARGET: target, ...env },
      // The addon lives and dies with its process.
      pool: "forks" as const,
    },
  };
}

export default defineConfig({
  test: {
    // A guard against hangs, not a measure: machines are slow, and busy with other things.
    testTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/{src,test}/**/*.test.ts"],
          exclude: [
            "**/node_modules/**",
            "**/dist/**",
            CONFORMANCE,
            WIRE_CHECKERS,
            BROWSER,
            WITHOUT_SOURCE,
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "wire-without-source",
          include: ["packages/wire/test/**/*.test.ts"],
          exclude: [WIRE_CHECKERS, "packages/wire/test/generated-source.test.ts"],
          setupFiles: ["packages/wire/test/refuse-source.ts"],
        },
      },
      {
        extends: true,
        test: { name: "scripts", include: ["scripts/*/test/**/*.test.mjs"] },
      },
      { extends: true, test: { name: "wire-checkers", include: [WIRE_CHECKERS] } },
      { extends: true, test: { name: "browser", include: [BROWSER] } },
      conformance("emulator"),
      conformance("emulator", { name: "emulator-seeded", env: { CALLFACTORY_SEED: "20220214" } }),
      ...(process.platform === "win32" ? [conformance("native-inproc")] : []),
    ],
  },
});
