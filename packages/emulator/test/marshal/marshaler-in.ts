import { ComError, REGDB_E_CLASSNOTREG } from "@callfactory/core";
import type { Apartment } from "../../src/apartment/apartment.ts";
import { FreeThreadedMarshaler } from "../../src/marshal/free-threaded.ts";
import { Marshaler } from "../../src/marshal/marshaler.ts";
import { type OxidResolver, ProcessOxidResolver } from "../../src/marshal/oxid-resolver.ts";
import type { ProcessServices } from "../../src/process-services.ts";

/** The marshaler of an apartment in a process without classes. */
export function marshalerIn(
  services: ProcessServices,
  apartment: Apartment,
  resolver: OxidResolver = new ProcessOxidResolver(),
): Marshaler {
  return new Marshaler({
    services,
    apartment,
    resolver,
    freeThreaded: new FreeThreadedMarshaler(services.newGuid()),
    createHandler: () => Promise.resolve(null),
    createUnmarshaler: () => Promise.reject(new ComError(REGDB_E_CLASSNOTREG, "CoCreateInstance")),
  });
}
