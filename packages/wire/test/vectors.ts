import { method, param, type Type } from "@callfactory/core";
import { expect, test } from "vitest";
import { argsOf, placed, request, takes } from "./calls.ts";
import { bytesOf, hexOf } from "./hex.ts";

/** A value, and the bytes that it must become. */
export type Vector = readonly [title: string, type: Type, value: unknown, hex: string];

/** Tests vectors, as the only [in] parameter of a method. */
export function holdsBothWays(vectors: readonly Vector[]): void {
  test.each(vectors)("%s", (_title, type, value, hex) => {
    const of = takes(type);

    expect(hexOf(request(of, [value]))).toBe(hexOf(bytesOf(hex)));
    expect(argsOf(of, bytesOf(hex))).toEqual([value]);
  });
}

/** The same for parameters that refer to each other, by name. */
export type CallVector = readonly [
  title: string,
  types: Readonly<Record<string, Type>>,
  values: readonly unknown[],
  hex: string,
];

/** Tests vectors of whole requests. */
export function callsHoldBothWays(vectors: readonly CallVector[]): void {
  test.each(vectors)("%s", (_title, types, values, hex) => {
    const params = Object.entries(types).map(([name, type]) => param.in(name, type));
    const of = placed(method("Take", params));

    expect(hexOf(request(of, values))).toBe(hexOf(bytesOf(hex)));
    expect(argsOf(of, bytesOf(hex))).toEqual(values);
  });
}
