import { defineRules } from "./rule.ts";

/** Rules of events: connection points, and how a server tells its sinks. */
export const EVT = defineRules("EVT", {
  "EVT-01": {
    text: "FindConnectionPoint gives the connection point of an outgoing interface that the object supports, and fails with CONNECT_E_NOCONNECTION (0x80040200) for any other. An object without IConnectionPointContainer has no outgoing interfaces.",
    source: [
      "W:wmp oleobj.c",
      "D:api iconnectionpointcontainer-findconnectionpoint",
      "D:com/architecture-of-connectable-objects",
    ],
    status: "observed",
    where: "both",
    side: "both",
  },
  "EVT-02": {
    text: "A connection point is an object with an IUnknown of its own, and whoever holds it holds its connectable object. It names its outgoing interface by GetConnectionInterface, and gives that object's container by GetConnectionPointContainer.",
    source: [
      "D:com/architecture-of-connectable-objects",
      "D:api iconnectionpoint-getconnectionpointcontainer",
    ],
    status: "documented",
    where: "both",
    side: "both",
  },
  "EVT-03": {
    text: "Advise returns a cookie, never zero, that no other connection of the same connection point has. A connection point that takes no more sinks fails with CONNECT_E_ADVISELIMIT (0x80040201).",
    source: ["D:api iconnectionpoint-advise"],
    status: "documented",
    where: "both",
    side: "both",
  },
  "EVT-04": {
    text: "Advise asks the sink for the outgoing interface and keeps a reference to what it gets. A sink without that interface is refused with CONNECT_E_CANNOTCONNECT (0x80040202), NULL with E_POINTER.",
    source: ["D:api iconnectionpoint-advise", "D:com/architecture-of-connectable-objects"],
    status: "documented",
    where: "both",
    side: "both",
  },
  "EVT-05": {
    text: "Unadvise ends a connection and releases what Advise took of the sink, which gets no event from then on. A cookie without a connection is refused, by CONNECT_E_NOCONNECTION; the reference page has E_POINTER, and some servers choose other codes.",
    source: ["W:mshtml events.c", "D:api iconnectionpoint-unadvise", "H:olectl"],
    status: "observed",
    where: "both",
    side: "both",
  },
  "EVT-06": {
    text: "An event goes to every sink that is connected, by one call each. What a sink returns or throws is between it and the source: it keeps no other sink from the event.",
    source: ["S:async CConnectionPT", "D:com/architecture-of-connectable-objects"],
    status: "observed",
    where: "both",
    side: "server",
  },
  "EVT-07": {
    text: "The source calls each sink from its own apartment, through a proxy where the sink lives in another, so that a sink runs in the apartment that it was made in.",
    source: ["S:async CConnectionPT", "D:com/single-threaded-apartments"],
    status: "observed",
    where: "MX",
    side: "both",
  },
  "EVT-08": {
    text: "A source that must not wait for its sinks creates a call object on each sink's pointer, calls Begin_ and releases the call object: the event is on its way, and nobody learns how it ended.",
    source: ["S:async CConnectionPT", "S:async async.htm"],
    status: "observed",
    where: "MX",
    side: "server",
  },
  "EVT-09": {
    text: "EnumConnectionPoints and EnumConnections give enumerators whose Next returns S_OK when it gives as many items as were asked for, else S_FALSE and what is left. The caller owns the pointers, also in CONNECTDATA.",
    source: ["D:api ienumconnections-next", "D:api ienumconnectionpoints-next"],
    status: "documented",
    where: "both",
    side: "both",
  },
  "EVT-10": {
    text: "A sink may end its own connection, or another's, in the middle of an event: the call that it is in goes on, and a sink whose connection has ended before its turn comes is not called.",
    source: ["D:api iconnectionpoint-unadvise"],
    status: "inferred",
    where: "both",
    side: "both",
    pin: "Whether a source that calls its sinks one by one calls one that an earlier sink has disconnected.",
  },
  "EVT-11": {
    text: "A call to a sink whose apartment has ended fails with RPC_E_DISCONNECTED or the code of a dead server; a source drops that connection, because nothing will ever answer there again.",
    source: [],
    status: "inferred",
    where: "MX",
    side: "server",
    pin: "With which code a source's call fails when the apartment of a connected sink has ended.",
  },
});
