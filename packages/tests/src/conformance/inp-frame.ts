import {
  type Com,
  type ImplementationOf,
  type IncomingCall,
  IOleInPlaceActiveObject,
  IOleInPlaceFrame,
  IOleInPlaceObject,
  type Interface,
  type InterfacePointer,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";
import { SYNC } from "./filter-desk.ts";

const INTERFACES = [IOleInPlaceFrame, IOleInPlaceActiveObject, IOleInPlaceObject] as const;

type Of<I> = I extends Interface<infer S> ? S : never;

/** The interfaces of something that is edited in place, and of the window around it. */
export interface Frame {
  readonly frame: InterfacePointer<Of<typeof IOleInPlaceFrame>>;
  readonly active: InterfacePointer<Of<typeof IOleInPlaceActiveObject>>;
  readonly object: InterfacePointer<Of<typeof IOleInPlaceObject>>;
}

/** Hears of a call, by the name of its method. */
export type Heard = (method: string, call: IncomingCall) => void | Promise<void>;

const EMPTY = { left: 0, top: 0, right: 0, bottom: 0 };

/** An implementation whose input-synchronous methods, and the help, tell `heard`. */
function implementation(heard: Heard): ImplementationOf<typeof INTERFACES> {
  const tell =
    (method: string) =>
    (...args: unknown[]) =>
      heard(method, args.at(-1) as IncomingCall);
  const nothing = (): void => {};
  return {
    GetWindow: async (call) => {
      await heard("GetWindow", call);
      return 0x1234n;
    },
    ContextSensitiveHelp: tell("ContextSensitiveHelp"),
    TranslateAccelerator: nothing,
    OnFrameWindowActivate: tell("OnFrameWindowActivate"),
    OnDocWindowActivate: tell("OnDocWindowActivate"),
    ResizeBorder: tell("ResizeBorder"),
    EnableModeless: nothing,
    GetBorder: async (call) => {
      await heard("GetBorder", call);
      return EMPTY;
    },
    RequestBorderSpace: tell("RequestBorderSpace"),
    SetBorderSpace: tell("SetBorderSpace"),
    SetActiveObject: nothing,
    InsertMenus: (_menu, widths) => widths,
    SetMenu: tell("SetMenu"),
    RemoveMenus: nothing,
    SetStatusText: tell("SetStatusText"),
    InPlaceDeactivate: nothing,
    UIDeactivate: nothing,
    SetObjectRects: tell("SetObjectRects"),
    ReactivateAndUndo: nothing,
  };
}

/** A frame in one apartment, for a client in another. */
export async function frameFor(
  stage: Stage,
  { home, client }: { readonly home: Com; readonly client: Com },
  heard: Heard,
): Promise<Frame> {
  const own = stage.hold(home.implement(INTERFACES, implementation(heard)));
  const frame = stage.hold(await client.unmarshal(await home.marshal(own), IOleInPlaceFrame));
  const active = await stage.query(frame, IOleInPlaceActiveObject);
  const object = await stage.query(frame, IOleInPlaceObject);
  return { frame, active, object };
}

/** The ten input-synchronous methods (INP-01). */
export const INPUT_SYNCHRONOUS: readonly (readonly [string, (at: Frame) => Promise<unknown>])[] = [
  ["GetWindow", ({ frame }) => frame.GetWindow(SYNC)],
  ["OnFrameWindowActivate", ({ active }) => active.OnFrameWindowActivate(true, SYNC)],
  ["OnDocWindowActivate", ({ active }) => active.OnDocWindowActivate(true, SYNC)],
  ["ResizeBorder", ({ active }) => active.ResizeBorder(EMPTY, null, true, SYNC)],
  ["GetBorder", ({ frame }) => frame.GetBorder(SYNC)],
  ["RequestBorderSpace", ({ frame }) => frame.RequestBorderSpace(EMPTY, SYNC)],
  ["SetBorderSpace", ({ frame }) => frame.SetBorderSpace(EMPTY, SYNC)],
  ["SetMenu", ({ frame }) => frame.SetMenu(1n, 2n, 3n, SYNC)],
  ["SetStatusText", ({ frame }) => frame.SetStatusText("ready", SYNC)],
  ["SetObjectRects", ({ object }) => object.SetObjectRects(EMPTY, EMPTY, SYNC)],
];
