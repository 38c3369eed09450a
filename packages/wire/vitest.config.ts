import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { runCheckers } from "./test/checkers/available.mjs";

export default defineConfig({
  resolve: {
    alias: { "@callfactory/core": fileURLToPath(new URL("../core/src/index.ts", import.meta.url)) },
  },
  test: {
    name: "wire",
    root: fileURLToPath(new URL(".", import.meta.url)),
    include: runCheckers() ? ["test/**/*.test.ts"] : ["test/*.test.ts"],
  },
});
