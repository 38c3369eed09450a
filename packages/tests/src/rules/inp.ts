import { defineRules } from "./rule.ts";

/** Rules of input-synchronous calls. */
export const INP = defineRules("INP", {
  "INP-01": {
    text: "Ten methods of in-place activation are input-synchronous, and delivered with SendMessage: IOleWindow::GetWindow; IOleInPlaceActiveObject::OnFrameWindowActivate, OnDocWindowActivate and ResizeBorder; IOleInPlaceUIWindow::GetBorder, RequestBorderSpace and SetBorderSpace; IOleInPlaceFrame::SetMenu and SetStatusText; IOleInPlaceObject::SetObjectRects.",
    source: ["D:com/call-synchronization"],
    status: "documented",
    where: "both",
    side: "both",
    apartment: "sta",
  },
  "INP-02": {
    text: "While a thread handles an input-synchronous call, or any message that another thread sent with SendMessage, its outgoing calls fail with RPC_E_CANTCALLOUT_ININPUTSYNCCALL (0x8001010D).",
    source: ["D:com/com-error-codes-3", "M:NVDA PR #6380"],
    status: "observed",
    where: "both",
    side: "both",
    apartment: "sta",
  },
  "INP-03": {
    text: "Begin_ is an outgoing call: inside an input-synchronous call it, too, fails with RPC_E_CANTCALLOUT_ININPUTSYNCCALL.",
    source: [],
    status: "inferred",
    where: "both",
    side: "both",
    apartment: "sta",
    pin: "Whether Begin_ on a proxy's call object fails inside a handler of a sent message.",
  },
  "INP-04": {
    text: "A thread of the MTA cannot make input-synchronous calls.",
    source: ["D:com/call-synchronization"],
    status: "documented",
    where: "both",
    side: "both",
    apartment: "mta",
  },
  "INP-05": {
    text: "An asynchronous notification that a thread makes inside an input-synchronous call fails with RPC_E_CANTPOST_INSENDCALL (0x80010003): it cannot be posted from there.",
    source: ["D:com/com-error-codes-3"],
    status: "inferred",
    where: "both",
    side: "both",
    apartment: "sta",
    pin: "Whether a notification that an STA makes while it handles an input-synchronous call fails, and with which code.",
  },
});
