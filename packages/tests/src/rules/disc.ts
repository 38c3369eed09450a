import { defineRules } from "./rule.ts";

/** Rules of discovering whether an object takes asynchronous calls. */
export const DISC = defineRules("DISC", {
  "DISC-01": {
    text: "Through a direct pointer, QueryInterface for IID_ICallFactory reaches the object itself: S_OK when the object implements it, E_NOINTERFACE when it offers no call objects in its own apartment.",
    source: ["D:com/making-an-asynchronous-call"],
    status: "documented",
    where: "SA",
    side: "client",
  },
  "DISC-02": {
    text: "Through a standard proxy, QueryInterface for IID_ICallFactory always succeeds, also when the remote object has no factory: the proxy manager answers in the client, and the server sees no such query.",
    source: ["B:1", "S:async CConnectionPT/CEvent", "M:AsyncInvoker"],
    status: "observed",
    where: "MX",
    side: "client",
    contradiction: "E-01",
  },
  "DISC-03": {
    text: "A proxy creates call objects for every marshaled interface that has a registered asynchronous counterpart, also when the server object has only the synchronous implementation.",
    source: ["D:com/making-and-processing-asynchronous-calls", "S:AsyncCalls ReadMe (ISample)"],
    status: "observed",
    where: "MX",
    side: "client",
  },
  "DISC-04": {
    text: "In the same apartment CreateCall fails for an interface that the object's factory does not serve, and the synchronous interface still works.",
    source: ["D:com/making-an-asynchronous-call"],
    status: "documented",
    where: "SA",
    side: "client",
  },
  "DISC-05": {
    text: "An object's factory may serve some of its interfaces and refuse the rest; marshaled clients call all of them asynchronously all the same.",
    source: ["D:com/making-and-processing-asynchronous-calls"],
    status: "documented",
    where: "both",
    side: "server",
  },
  "DISC-06": {
    text: "IDispatch and every interface derived from it have no asynchronous form: none can be defined, on either side, and CreateCall for one fails with E_NOINTERFACE.",
    source: [
      "D:com/making-and-processing-asynchronous-calls",
      "S:async async.htm",
      "S:async CConnectionPT",
    ],
    status: "observed",
    where: "both",
    side: "both",
  },
  "DISC-07": {
    text: "An interface that is marshaled from its type library alone has no asynchronous form: CreateCall for it fails, since only a MIDL-generated proxy and stub know the Begin_ and Finish_ methods.",
    source: ["S:async CConnectionPT"],
    status: "inferred",
    where: "MX",
    side: "both",
    pin: "Whether CreateCall on a proxy still fails for an oleautomation interface whose async IID is registered.",
    unshown:
      "The emulator marshals by descriptors: nothing is marshaled from a type library alone.",
  },
  "DISC-08": {
    text: "The async IID belongs to the call object, which has an identity of its own: QueryInterface for it on the server object or on its proxy returns E_NOINTERFACE.",
    source: ["D:com/making-and-processing-asynchronous-calls"],
    status: "documented",
    where: "both",
    side: "client",
  },
  "DISC-09": {
    text: "An object that implements IFoo and AsyncIFoo on one identity serves clients of its own apartment only, and not as asynchronous COM: it has no ISynchronize, and its Finish_ methods know nothing of completion.",
    source: ["M:TimmyAnderson/ITBooks EssentialCOM ch.7"],
    status: "observed",
    where: "SA",
    side: "both",
  },
});
