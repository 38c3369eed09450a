import { defineRules } from "./rule.ts";

/** Rules of activation. */
export const ACT = defineRules("ACT", {
  "ACT-01": {
    text: "The ThreadingModel of an in-process class decides where its object lives: without one in the main STA; Apartment in the creator's STA, or a host STA for a creator in the MTA; Free in the MTA; Both in the creator's apartment; Neutral in the neutral apartment. Outside the creator's apartment the creator holds a proxy.",
    source: ["D:com/in-process-server-threading-issues"],
    status: "documented",
    where: "both",
    side: "both",
  },
  "ACT-02": {
    text: "Activation of an unregistered class fails with REGDB_E_CLASSNOTREG (0x80040154), and aggregation by a class that does not support it with CLASS_E_NOAGGREGATION (0x80040110).",
    source: ["H:winerror", "D:api cocreateinstance"],
    status: "documented",
    where: "both",
    side: "both",
  },
  "ACT-03": {
    text: "Activation and the calls of IClassFactory are canceled as other synchronous calls are.",
    source: ["S:Cancel"],
    status: "observed",
    where: "MX",
    side: "both",
  },
  "ACT-04": {
    text: "The proxy/stub DLL of an asynchronous interface is registered on the client's and on the server's machine.",
    source: ["S:TimeOuts readme"],
    status: "observed",
    where: "MX",
    side: "both",
    unshown:
      "Two machines and their registries: the emulator's processes share one table of interfaces.",
  },
});
