import { LONG } from "@callfactory/core";
import { expect, test } from "vitest";
import { canGenerate } from "../src/ndr/generate/emitter.ts";
import { argsOf, request, takes } from "./calls.ts";

test("codecs do without generated source where the platform refuses it", () => {
  const of = takes(LONG);

  expect(() => new Function("return 1")).toThrow(EvalError);
  expect(canGenerate()).toBe(false);
  expect(argsOf(of, request(of, [42]))).toEqual([42]);
});
