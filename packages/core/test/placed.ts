import { type Method, method, type Param } from "../src/index.ts";
import { placeMethod } from "../src/interface.ts";

/** The method `name` with `params`, as the first one of an interface ITest. */
export function placed(name: string, params: readonly Param[]): Method {
  return placeMethod("ITest", method(name, params), 3, null);
}
