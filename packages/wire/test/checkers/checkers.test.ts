import { expect, test } from "vitest";
import { CHECKER_PACKAGES, missingCheckers } from "./available.mjs";

test("the independent checkers are installed", () => {
  expect(missingCheckers(), `apt-get install ${CHECKER_PACKAGES.join(" ")}`).toEqual([]);
});
