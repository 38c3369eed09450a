import { defineRules } from "./rule.ts";

/** Rules of the mapping between synchronous and async IIDs. */
export const REG = defineRules("REG", {
  "REG-01": {
    text: "The default value of HKCR\\Interface\\{sync IID}\\AsynchronousInterface is the async IID, in braces. Without it COM does not know the counterpart, neither for a client's CreateCall nor for a server's call objects.",
    source: ["M:Chromium toolband_proxy"],
    status: "observed",
    where: "MX",
    side: "both",
    contradiction: "E-13",
  },
  "REG-02": {
    text: "HKCR\\Interface\\{async IID}\\SynchronousInterface names the sync IID. Registration writes it as well, but asynchronous calls work without it.",
    source: ["M:Chromium toolband_proxy", "D:com/interface-key"],
    status: "inferred",
    where: "MX",
    side: "both",
    contradiction: "E-13",
    pin: "Whether CreateCall, and a server's call object, work with and without SynchronousInterface.",
    unshown: "The emulator's one table goes both ways: it has no key to leave out.",
  },
  "REG-03": {
    text: "Both IIDs have a ProxyStubClsid32, usually the same, and NumMethods, which is 3 + 2n for the asynchronous form of an interface with n methods of its own.",
    source: ["M:Chromium toolband_proxy"],
    status: "observed",
    where: "MX",
    side: "both",
    unshown: "Registry values that only COM on Windows reads.",
  },
  "REG-04": {
    text: "CoRegisterPSClsid and CoRegisterClassObject register proxies and stubs for one process alone; the mapping of sync to async IID has no such function, and needs the registry.",
    source: ["M:Chromium toolband_proxy"],
    status: "observed",
    where: "MX",
    side: "both",
    unshown: "Proxies and stubs are not registered apart from their interfaces here.",
  },
  "REG-05": {
    text: "Interfaces with system proxies, IPipeByte, IAdviseSink, IUnknown and IMultiQI among them, are called asynchronously without any registration.",
    source: ["B:1"],
    status: "observed",
    where: "MX",
    side: "both",
  },
  "REG-06": {
    text: "CreateCall on a proxy for an async IID that no registered interface maps to fails with E_NOINTERFACE, and so does it once the mapping has been taken back.",
    source: [],
    status: "inferred",
    where: "none",
    side: "both",
    pin: "What CreateCall on a proxy returns when the proxy and stub are registered and AsynchronousInterface is not.",
  },
});
