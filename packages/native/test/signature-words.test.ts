import {
  AsyncIPipeByte,
  array,
  defineInterface,
  DOUBLE,
  IPipeByte,
  IUnknown,
  type Interface,
  LONG,
  type Method,
  method,
  param,
  pointerByIid,
  GUID,
  struct,
  unique,
} from "@callfactory/core";
import { describe, expect, it } from "vitest";
import { signatureWords } from "../src/signature-words.ts";

function methodOf(iface: Interface, name: string): Method {
  return iface.members.get(name) as Method;
}

function wordsOf(m: Method): number[] {
  return [...signatureWords(m, () => 7).words];
}

describe("signatureWords", () => {
  it("writes slot, synchronous slot, half, return type, parameters, then types", () => {
    expect(wordsOf(methodOf(IPipeByte, "Push"))).toEqual([
      ...[4, 4, 0, 0, 2, 3],
      ...[1, 0, 0, 0, 0],
      ...[2, 0, 0, 1, 1],
      ...[0, 1, 0],
      ...[9, 0, -1, 1, 0, -1, 0, -1],
      ...[0, 4, 0],
    ]);
  });

  it("FIN-11 numbers the counts of a Finish_ half as in the synchronous method", () => {
    const words = wordsOf(methodOf(AsyncIPipeByte, "Finish_Pull"));

    expect(words.slice(0, 3)).toEqual([4, 3, 2]);
    expect(words.slice(-11)).toEqual([9, 0, -1, 1, 0, 2, 0, -1, 0, 4, 0]);
  });

  it("marks the count that a Begin_ half takes for its Finish_ half", () => {
    expect(wordsOf(methodOf(AsyncIPipeByte, "Begin_Pull")).slice(6, 11)).toEqual([0, 0, 0, 1, 1]);
  });

  it("names members, interfaces and the parameter with the IID", () => {
    const point = struct("P", { x: DOUBLE, y: LONG });
    const iface = defineInterface({
      name: "IThing",
      iid: "00000000-0000-0000-0000-000000000001",
      base: IUnknown,
      methods: [
        method("Do", [
          param.in("iid", GUID),
          param.in("points", unique(array(point, { length: 2 }))),
          param.out("object", pointerByIid(IUnknown, "iid")),
        ]),
      ],
    });

    const { words, fieldNames } = signatureWords(methodOf(iface, "Do"), () => 7);

    expect(fieldNames).toEqual(["x", "y"]);
    const numbers = [...words];
    expect(numbers.slice(21, 24)).toEqual([4, 10, 0]);
    expect(numbers.slice(25, 28)).toEqual([11, 7, 0]);
  });
});
