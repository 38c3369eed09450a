// For the tests that scripts/wine-vitest.mjs names on the command line.
const config = {
  test: { include: ["**/*.test.{js,ts}"], exclude: ["**/node_modules/**"], pool: "forks" },
};

export { config as default };
