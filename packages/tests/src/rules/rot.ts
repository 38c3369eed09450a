import { defineRules } from "./rule.ts";

/** Rules of the running object table. */
export const ROT = defineRules("ROT", {
  "ROT-01": {
    text: "IRunningObjectTable::Register enters an object under a moniker; GetObject returns it for an equal moniker, in any apartment, and fails with MK_E_UNAVAILABLE (0x800401E3) when there is none, for which IsRunning returns S_FALSE. EnumRunning enumerates the monikers, and Revoke fails with E_INVALIDARG for an unknown value.",
    source: [
      "D:api irunningobjecttable-register",
      "D:api irunningobjecttable-getobject",
      "D:api irunningobjecttable-isrunning",
    ],
    status: "documented",
    where: "both",
    side: "both",
  },
  "ROT-02": {
    text: "ROTFLAGS_REGISTRATIONKEEPSALIVE (1) keeps the object alive until Revoke; without it the registration is weak, and ends with the last strong external reference to the object.",
    source: ["D:api irunningobjecttable-register"],
    status: "documented",
    where: "both",
    side: "server",
  },
  "ROT-03": {
    text: "Register returns MK_S_MONIKERALREADYREGISTERED (0x000401E7), a success, when an object is registered under the moniker already; both stay registered.",
    source: ["D:api irunningobjecttable-register"],
    status: "documented",
    where: "both",
    side: "server",
  },
  "ROT-04": {
    text: "The running object table is one for all processes of the machine that share a desktop and a user.",
    source: ["D:api nn-irunningobjecttable"],
    status: "documented",
    where: "MX",
    side: "both",
  },
  "ROT-05": {
    text: "RegisterActiveObject enters an object under its CLSID, strongly (ACTIVEOBJECT_STRONG 0) or weakly (ACTIVEOBJECT_WEAK 1); GetActiveObject returns it, and fails with MK_E_UNAVAILABLE when there is none.",
    source: ["D:api registeractiveobject", "D:api getactiveobject"],
    status: "documented",
    where: "both",
    side: "both",
  },
});
