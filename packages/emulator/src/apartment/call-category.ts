import {
  type Guid,
  IAdviseSink,
  IAdviseSink2,
  type Interface,
  IOleInPlaceActiveObject,
  IOleInPlaceFrame,
  IOleInPlaceObject,
  IOleInPlaceUIWindow,
  IOleWindow,
  type Method,
} from "@callfactory/core";
import type { ServerPlace } from "../orpc/channel.ts";
import type { CallOrigin, Thread } from "./apartment.ts";
import type { CallCategory } from "./callout.ts";

/** The methods that are not called in the ordinary way, by the interface that declares them. */
const SPECIAL: ReadonlyMap<Guid, ReadonlyMap<number, CallCategory>> = new Map([
  // NOT-01
  special("notification", IAdviseSink, [
    "OnDataChange",
    "OnViewChange",
    "OnRename",
    "OnSave",
    "OnClose",
  ]),
  special("notification", IAdviseSink2, ["OnLinkSrcChange"]),
  // INP-01
  special("input-synchronous", IOleWindow, ["GetWindow"]),
  special("input-synchronous", IOleInPlaceActiveObject, [
    "OnFrameWindowActivate",
    "OnDocWindowActivate",
    "ResizeBorder",
  ]),
  special("input-synchronous", IOleInPlaceUIWindow, [
    "GetBorder",
    "RequestBorderSpace",
    "SetBorderSpace",
  ]),
  special("input-synchronous", IOleInPlaceFrame, ["SetMenu", "SetStatusText"]),
  special("input-synchronous", IOleInPlaceObject, ["SetObjectRects"]),
]);

function special(
  category: CallCategory,
  iface: Interface,
  names: readonly string[],
): [Guid, ReadonlyMap<number, CallCategory>] {
  const slots = names.map((name) => (iface.members.get(name) as Method).slot);
  return [iface.iid, new Map(slots.map((slot) => [slot, category]))];
}

/** The category that COM knows for a method, wherever it is called. */
function categoryOf(iface: Interface, { slot }: Method): CallCategory {
  let declaring = iface;
  while (declaring.base !== null && slot < declaring.base.slots) declaring = declaring.base;
  return SPECIAL.get(declaring.iid)?.get(slot) ?? "synchronous";
}

/** What a synchronous proxy call of `thread` tells of itself. */
export function originOf(
  thread: Thread,
  server: ServerPlace | undefined,
  called: { readonly iface: Interface; readonly method: Method },
): CallOrigin {
  const visitor = server?.kind === "na" ? thread : null;
  const { apartment } = thread.home ?? thread;
  // The other ways need a message queue at both ends: elsewhere the call is ordinary (NOT-06, INP-04).
  const isBetweenStas = apartment.kind === "sta" && server?.kind === "sta";
  const category = isBetweenStas ? categoryOf(called.iface, called.method) : "synchronous";
  return { threadId: thread.id, category, visitor };
}

/** What a call that nobody waits in tells of itself: its server cannot see the difference (CONV-03). */
export function asynchronousOrigin(thread: Thread): CallOrigin {
  return { threadId: thread.id, category: "synchronous", visitor: null };
}
