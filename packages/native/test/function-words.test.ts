import { ComFunctions, type Method } from "@callfactory/core";
import { describe, expect, test } from "vitest";
import { FUNCTION_SHAPES, type FunctionName, type FunctionShape } from "../src/function-shapes.ts";
import { descriptorInC, functionWords } from "../src/function-words.ts";

function shapeOf(fn: Method): FunctionShape {
  return FUNCTION_SHAPES[fn.name as FunctionName];
}

describe("shapes of functions", () => {
  test("every parameter of every function is an argument, or the result", () => {
    for (const fn of ComFunctions.members.values()) {
      const inC = descriptorInC(fn);
      const shape = shapeOf(inC);

      const [, , result, ...args] = functionWords(inC, shape);

      const used = args.filter((word, i) => i % 2 === 0 && word >= 0);
      if (shape.result !== undefined && result !== undefined) used.push(result);
      used.sort((a, b) => a - b);
      expect({ fn: fn.name, used }).toEqual({ fn: fn.name, used: fn.params.map((_, i) => i) });
    }
  });

  test("a literal stands for a reserved argument", () => {
    const fn = ComFunctions.members.get("CreateStreamOnHGlobal") as Method;

    expect([...functionWords(fn, shapeOf(fn))]).toEqual([0, 0, -1, -1, 0, -1, 1, 0, 0]);
  });

  test("a shape that names no parameter is refused", () => {
    const fn = ComFunctions.members.get("CoEnableCallCancellation") as Method;

    expect(() => functionWords(fn, { library: null, args: ["pReserved"] })).toThrow(TypeError);
  });
});
