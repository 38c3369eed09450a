import { defineConfig } from "vitest/config";

// For compiled tests, which scripts/wine-vitest.mjs names on the command line.
export default defineConfig({
  test: { include: ["**/*.test.js"], exclude: ["**/node_modules/**"], pool: "forks" },
});
