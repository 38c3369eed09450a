import { defineRules } from "./rule.ts";

/** Rules of fire-and-forget: call objects released without Finish_. */
export const FNF = defineRules("FNF", {
  "FNF-01": {
    text: "Releasing the last reference to a call object after Begin_ abandons the call: the client's Finish_ never runs, nothing is delivered, and COM cleans up.",
    source: ["D:com/making-an-asynchronous-call", "S:async async.htm", "B:2"],
    status: "observed",
    where: "MX",
    side: "client",
  },
  "FNF-02": {
    text: "The method of an abandoned call runs to its end on the server, even when it starts only after the client has let go.",
    source: ["B:2"],
    status: "observed",
    where: "MX",
    side: "both",
  },
  "FNF-03": {
    text: "Nobody learns whether an abandoned call arrived: the client may end or the transport may fail first, and the error is lost.",
    source: ["S:async async.htm", "S:async CConnectionPT"],
    status: "observed",
    where: "MX",
    side: "both",
    unshown: "That nobody learns of something cannot be observed.",
  },
  "FNF-04": {
    text: "Abandoning a call makes sense for methods without [out] data, such as those of event sinks: nobody ever receives its results.",
    source: ["M:AsyncInvoker", "S:async CConnectionPT"],
    status: "observed",
    where: "MX",
    side: "both",
    unshown: "Advice on when to abandon calls, not a behaviour.",
  },
  "FNF-05": {
    text: "The stub calls Finish_ on the server's call object for an abandoned call as for any other, exactly once: the server cannot tell the difference.",
    source: [],
    status: "inferred",
    where: "MX",
    side: "server",
    pin: "Whether the server's Finish_ runs once after the client has released its call object.",
  },
  "FNF-06": {
    text: "Abandoning is not canceling: on the server TestCancel keeps returning RPC_S_CALLPENDING.",
    source: ["B:2"],
    status: "inferred",
    where: "MX",
    side: "server",
    pin: "What TestCancel returns on the server after the client has released its call object.",
  },
  "FNF-07": {
    text: "An outer may drop its last reference inside its own Signal: the call object then dies in the middle of that call, and COM does not touch it again.",
    source: ["B:9"],
    status: "observed",
    where: "MX",
    side: "client",
  },
});
