import { defineRules } from "./rule.ts";

/** Rules of asynchronous notifications, the call class that is older than call objects. */
export const NOT = defineRules("NOT", {
  "NOT-01": {
    text: "The asynchronous notifications are the five methods of IAdviseSink, OnDataChange, OnViewChange, OnRename, OnSave and OnClose, and OnLinkSrcChange of IAdviseSink2. They return void; no other method is one.",
    source: ["D:com/call-synchronization", "H:objidl"],
    status: "documented",
    where: "MX",
    side: "both",
  },
  "NOT-02": {
    text: "The caller of a notification does not wait for it: notifications are queued, as posted messages are, and arrive in order.",
    source: ["D:com/call-synchronization"],
    status: "documented",
    where: "MX",
    side: "both",
    apartment: "sta",
  },
  "NOT-03": {
    text: "While it handles a notification, the callee cannot make synchronous outgoing calls: they fail with RPC_E_CANTCALLOUT_INASYNCCALL (0x80010004).",
    source: [
      "D:com/call-synchronization",
      "D:api iadvisesink-ondatachange",
      "D:com/com-error-codes-3",
    ],
    status: "documented",
    where: "MX",
    side: "server",
  },
  "NOT-04": {
    text: "The storage behind an [in] parameter of a notification, such as pStgmed of OnDataChange, is valid during the call only: the callee neither frees it nor takes references into it.",
    source: ["D:api iadvisesink-ondatachange"],
    status: "documented",
    where: "both",
    side: "server",
  },
  "NOT-05": {
    text: "The message filter sees a notification as CALLTYPE_ASYNC or CALLTYPE_ASYNC_CALLPENDING, and cannot reject it.",
    source: ["D:api calltype", "D:api imessagefilter-handleincomingcall"],
    status: "documented",
    where: "both",
    side: "server",
    apartment: "sta",
  },
  "NOT-06": {
    text: "In the MTA notifications are ordinary synchronous calls.",
    source: ["D:com/multithreaded-apartments"],
    status: "documented",
    where: "both",
    side: "both",
    apartment: "mta",
    contradiction: "E-11",
  },
  "NOT-07": {
    text: "IAdviseSink and IAdviseSink2 also have async_uuid counterparts, AsyncIAdviseSink and AsyncIAdviseSink2, whose Begin_ and Finish_ methods all return void, for use through call objects.",
    source: ["H:objidl"],
    status: "documented",
    where: "MX",
    side: "both",
  },
  "NOT-08": {
    text: "A program defines asynchronous interfaces of its own with async_uuid; the guide's sentence that this is impossible is about notifications, and older than Windows 2000.",
    source: ["D:com/call-synchronization", "D:midl/async-uuid"],
    status: "documented",
    where: "none",
    side: "both",
    unshown:
      "A judgement on an old page; that such interfaces work is what the rest of the catalogue shows.",
  },
});
