// For the tests that scripts/wine-vitest.mjs names on the command line.
const config = {
  test: {
    include: ["**/*.test.{js,ts}"],
    exclude: ["**/node_modules/**"],
    pool: "forks",
    // In a new prefix COM's service takes seconds to start, at the first class that is not there.
    testTimeout: 30_000,
  },
};

export { config as default };
