import { defineRules } from "./rule.ts";

/** Rules of converting between synchronous and asynchronous, and of what crosses the wire. */
export const CONV = defineRules("CONV", {
  "CONV-01": {
    text: "An asynchronous client calls a synchronous server: the proxy sends Begin_ as an ordinary synchronous request, and Finish_ delivers the [out] values.",
    source: ["D:com/making-and-processing-asynchronous-calls"],
    status: "documented",
    where: "MX",
    side: "both",
  },
  "CONV-02": {
    text: "A synchronous client calls an asynchronous server: it receives exactly what the synchronous method would have returned.",
    source: ["D:com/making-and-processing-asynchronous-calls"],
    status: "documented",
    where: "MX",
    side: "both",
  },
  "CONV-03": {
    text: "All four pairings of synchronous and asynchronous client and server exchange the same bytes: an ORPC request on the IPID of the synchronous interface, with the same opnum, and its reply. No async IID crosses the wire.",
    source: ["D:com/making-and-processing-asynchronous-calls"],
    status: "documented",
    where: "MX",
    side: "both",
  },
  "CONV-04": {
    text: "A peer that knows nothing of asynchronous interfaces is called, and calls, without noticing them.",
    source: ["S:async async.htm"],
    status: "observed",
    where: "MX",
    side: "both",
  },
  "CONV-05": {
    text: "QueryInterface, AddRef and Release on a call object stay in the client: nothing is sent for them.",
    source: [],
    status: "inferred",
    where: "MX",
    side: "client",
    pin: "Whether any IRemUnknown request is made for QueryInterface on a call object.",
  },
  "CONV-06": {
    text: "AsyncIUnknown carries QueryInterface, AddRef and Release of the object behind the proxy asynchronously, the final Release included, without blocking. The client aggregates the call object to learn of completion before it calls Finish_Release, and does not use the pointer after that.",
    source: ["B:8", "B:9"],
    status: "observed",
    where: "MX",
    side: "client",
  },
  "CONV-07": {
    text: "AsyncIMultiQI has Begin_QueryMultipleInterfaces(cMQIs, pMQIs) and Finish_QueryMultipleInterfaces(pMQIs): the array is [in,out], and its count is given to Begin_ alone.",
    source: ["H:objidlbase"],
    status: "documented",
    where: "MX",
    side: "client",
  },
});
