import {
  type BackendApartment,
  type ComFunctionCalls,
  ComFunctions,
  checkArgs,
  failed,
  type Method,
  mapArgs,
  type Reply,
} from "@callfactory/core";
import { Call } from "./call.ts";
import type { Pointer } from "./pointer.ts";
import { dropReply, failureOf, type PointerMapping, toCaller } from "./invoke.ts";

/** Functions that release the pointers given to them, whatever happens (MAR-08). */
const RELEASING: ReadonlySet<string> = new Set(["CoGetInterfaceAndReleaseStream"]);

/** COM's functions on the thread of `apartment`; one method each, on a shared prototype. */
class ApartmentFunctions {
  readonly apartment: BackendApartment;
  readonly mapping: PointerMapping;

  constructor(apartment: BackendApartment, mapping: PointerMapping) {
    this.apartment = apartment;
    this.mapping = mapping;
  }
}

for (const fn of ComFunctions.members.values()) {
  Object.defineProperty(ApartmentFunctions.prototype, fn.name, {
    value: function (this: ApartmentFunctions, ...args: unknown[]) {
      return callFunction(this, fn, args);
    },
    enumerable: true,
  });
}

/** Makes the `functions` of a handle. */
export function createFunctions(
  apartment: BackendApartment,
  mapping: PointerMapping,
): ComFunctionCalls {
  return new ApartmentFunctions(apartment, mapping) as unknown as ComFunctionCalls;
}

function callFunction(
  { apartment, mapping }: ApartmentFunctions,
  fn: Method,
  args: readonly unknown[],
): Call<unknown> {
  return Call.start(fn.qualifiedName, (control) => {
    control.setLane("direct");
    const run = async (): Promise<void> => {
      const checked = checkArgs(fn, args, mapping.isPointer);
      let reply: Reply;
      try {
        reply = await apartment.call(fn, mapArgs(fn, checked, mapping.toBackend));
      } finally {
        if (RELEASING.has(fn.name))
          mapArgs(fn, checked, (pointer) => (pointer as Pointer).release());
      }
      if (control.isCanceled) dropReply(fn, reply);
      else if (failed(reply.hr)) control.fail(failureOf(fn, reply));
      else control.settle(reply.hr, toCaller(fn, reply.value, mapping));
    };
    run().catch((error: unknown) => control.fail(error));
  });
}
