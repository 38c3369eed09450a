import { S_OK } from "@callfactory/core";
import { type ComFunctionGroup, reply } from "./com-function.ts";

const APTTYPE_STA = 0;
const APTTYPE_MTA = 1;
const APTTYPEQUALIFIER_NONE = 0;

/** What a thread asks about itself and its apartment. */
export const threadFunctions: ComFunctionGroup = {
  GetCurrentThreadId: ({ thread }) => reply(S_OK, thread.id),

  CoGetApartmentType: ({ thread }) => {
    const pAptType = thread.apartment.kind === "sta" ? APTTYPE_STA : APTTYPE_MTA;
    return reply(S_OK, { pAptType, pAptQualifier: APTTYPEQUALIFIER_NONE });
  },

  CoGetCurrentLogicalThreadId: ({ thread, process }) =>
    reply(S_OK, thread.frame?.cid ?? process.services.newGuid()),
};
