import { defineRules } from "./rule.ts";

/** Rules of the global interface table. */
export const GIT = defineRules("GIT", {
  "GIT-01": {
    text: "RegisterInterfaceInGlobal returns a cookie; GetInterfaceFromGlobal(cookie, riid) turns it, any number of times, into a pointer with a reference for the caller, valid in the calling apartment alone.",
    source: [
      "D:api iglobalinterfacetable-registerinterfaceinglobal",
      "D:api iglobalinterfacetable-getinterfacefromglobal",
    ],
    status: "documented",
    where: "both",
    side: "both",
  },
  "GIT-02": {
    text: "RevokeInterfaceFromGlobal is called from any apartment, and returns E_INVALIDARG for an unknown cookie. Callers keep it from racing with GetInterfaceFromGlobal.",
    source: ["D:api iglobalinterfacetable-revokeinterfacefromglobal"],
    status: "documented",
    where: "both",
    side: "both",
  },
  "GIT-03": {
    text: "The global interface table belongs to one process, and a registration in it keeps the object alive.",
    source: ["D:com/accessing-interfaces-across-apartments"],
    status: "inferred",
    where: "both",
    side: "both",
    pin: "Whether an object without other references lives until its cookie is revoked.",
  },
  "GIT-04": {
    text: "An object that aggregates the free-threaded marshaler keeps cookies of the global interface table, not pointers, because its methods run in every apartment.",
    source: ["D:com/when-to-use-the-global-interface-table"],
    status: "documented",
    where: "both",
    side: "both",
  },
});
