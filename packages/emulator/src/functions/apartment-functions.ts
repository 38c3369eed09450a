import {
  type Awaitable,
  CO_E_NOT_SUPPORTED,
  ComError,
  type Guid,
  type Reply,
  S_OK,
} from "@callfactory/core";
import { getClassObject } from "../activation/class-object.ts";
import type { Wanted } from "../activation/activator.ts";
import { apartmentType } from "../apartment/apartment-type.ts";
import { StaApartment } from "../apartment/sta.ts";
import { ThreadingInfo } from "../apartment/threading-info.ts";
import type { Caller } from "../caller.ts";
import { chain } from "../object/awaitable.ts";
import type { Pointer } from "../object/com-object.ts";
import { type ComFunctionGroup, reply } from "./com-function.ts";

/** What a thread asks about its apartment, and has of it. */
export const apartmentFunctions: ComFunctionGroup = {
  CoGetApartmentType: ({ thread, process }) =>
    reply(
      S_OK,
      apartmentType(thread, (sta) => process.apartments.isMain(sta)),
    ),

  CoGetCurrentLogicalThreadId: ({ thread, process }) =>
    reply(
      S_OK,
      thread.currentCid(() => process.services.newGuid()),
    ),

  CoGetObjectContext: ({ thread, process }, [riid]) => {
    const info = new ThreadingInfo(thread, {
      ledger: process.services.ledger,
      isMain: (sta) => process.apartments.isMain(sta),
      newGuid: () => process.services.newGuid(),
    });
    return chain(info.query(riid as Guid), ({ hr, pointer }) => {
      info.release();
      return reply(hr, pointer);
    });
  },

  CoRegisterMessageFilter: ({ thread, process }, [filter]) => {
    const { apartment } = thread;
    if (!(apartment instanceof StaApartment)) return reply(CO_E_NOT_SUPPORTED); // APT-20
    return reply(S_OK, process.services.filters.register(apartment, filter as Pointer | null));
  },

  CoGetClassObject: (caller, [clsid, iid]) =>
    made(caller, getClassObject, { clsid: clsid as Guid, iid: iid as Guid, outer: null }),
};

/** A pointer as a function gives it. */
function made(
  caller: Caller,
  make: (caller: Caller, wanted: Wanted) => Promise<Pointer>,
  wanted: Omit<Wanted, "place">,
): Awaitable<Reply> {
  const place = caller.process.services.ledger.place();
  return make(caller, { ...wanted, place }).then(
    (pointer) => reply(S_OK, pointer),
    (error: unknown) => {
      if (!(error instanceof ComError)) throw error;
      return reply(error.hr);
    },
  );
}
