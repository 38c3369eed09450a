import {
  APTTYPE_MAINSTA,
  APTTYPE_MTA,
  APTTYPE_NA,
  APTTYPE_STA,
  APTTYPEQUALIFIER_IMPLICIT_MTA,
  APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA,
  APTTYPEQUALIFIER_NA_ON_MAINSTA,
  APTTYPEQUALIFIER_NA_ON_MTA,
  APTTYPEQUALIFIER_NA_ON_STA,
  APTTYPEQUALIFIER_NONE,
} from "@callfactory/core";
import type { Apartment, Thread } from "./apartment.ts";

/** What CoGetApartmentType says. */
export interface ApartmentType {
  readonly pAptType: number;
  readonly pAptQualifier: number;
}

/** Tells the main STA from others. */
export type IsMain = (sta: Apartment) => boolean;

/** The type of the apartment that `thread` is in. */
export function apartmentType(thread: Thread, isMain: IsMain): ApartmentType {
  switch (thread.apartment.kind) {
    case "sta": {
      const pAptType = isMain(thread.apartment) ? APTTYPE_MAINSTA : APTTYPE_STA;
      return { pAptType, pAptQualifier: APTTYPEQUALIFIER_NONE };
    }
    case "mta": {
      const implicit = thread.isImplicit ? APTTYPEQUALIFIER_IMPLICIT_MTA : APTTYPEQUALIFIER_NONE;
      return { pAptType: APTTYPE_MTA, pAptQualifier: implicit };
    }
    case "na":
      return { pAptType: APTTYPE_NA, pAptQualifier: visitorOf(thread, isMain) };
  }
}

/** From where a thread visits the neutral apartment. */
function visitorOf({ home }: Thread, isMain: IsMain): number {
  if (home?.apartment.kind === "sta") {
    return isMain(home.apartment) ? APTTYPEQUALIFIER_NA_ON_MAINSTA : APTTYPEQUALIFIER_NA_ON_STA;
  }
  return home?.isImplicit ? APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA : APTTYPEQUALIFIER_NA_ON_MTA;
}
