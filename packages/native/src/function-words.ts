import { defineFunctions, LPWSTR, type Method, method, param } from "@callfactory/core";
import { type FunctionShape, PLACES, RETURNS } from "./function-shapes.ts";

const NONE = -1;

/** What the addon gives in another form than Windows does: a string of the caller's own. */
const IN_C = defineFunctions("addon", [
  method("GetUserNameW", [param.retval("lpBuffer", LPWSTR)]),
]).members;

/** The descriptor that the addon compiles for `fn`. */
export function descriptorInC(fn: Method): Method {
  return IN_C.get(fn.name) ?? fn;
}

/**
 * Flattens the shape of a function into what function_table.h reads.
 *
 * @throws TypeError when the shape names a parameter that `fn` lacks.
 */
export function functionWords(fn: Method, shape: FunctionShape): Int32Array {
  const place = (name: string): number => {
    const index = fn.params.findIndex((p) => p.name === name);
    if (index < 0) throw new TypeError(`${fn.qualifiedName} has no parameter ${name}`);
    return index;
  };
  const args = shape.args ?? fn.params.map((p) => p.name);
  return Int32Array.of(
    RETURNS[shape.returns ?? "hresult"],
    PLACES[shape.place ?? "thread"],
    shape.result === undefined ? NONE : place(shape.result),
    ...args.flatMap((arg) => (typeof arg === "string" ? [place(arg), 0] : [NONE, arg])),
  );
}
