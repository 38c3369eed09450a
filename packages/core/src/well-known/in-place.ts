import { defineInterface, type Interface, method, param } from "../interface.ts";
import {
  array,
  BOOL,
  DWORD,
  LONG,
  LONGLONG,
  LPWSTR,
  pointerTo,
  struct,
  ULONG,
  ULONGLONG,
  USHORT,
  unique,
} from "../type.ts";
import { IUnknown, type NoMethods } from "../well-known.ts";

// In-place activation, as far as its methods are input-synchronous (INP-01). Windows and menus are
// handles, numbers that mean nothing here.

/** Where something is, in pixels; also the widths of borders. */
export const RECT = struct("RECT", { left: LONG, top: LONG, right: LONG, bottom: LONG });

/** A message of a window. */
const MSG = struct("MSG", {
  hwnd: ULONGLONG,
  message: ULONG,
  wParam: ULONGLONG,
  lParam: LONGLONG,
  time: DWORD,
  x: LONG,
  y: LONG,
});

/** How many menus each side brings. */
export const OLEMENUGROUPWIDTHS = struct("OLEMENUGROUPWIDTHS", {
  width: array(LONG, { length: 6 }),
});

/** Something with a window; GetWindow is input-synchronous (INP-01). */
export const IOleWindow = defineInterface({
  name: "IOleWindow",
  iid: "00000114-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("GetWindow", [param.out("phwnd", ULONGLONG)]),
    method("ContextSensitiveHelp", [param.in("fEnterMode", BOOL)]),
  ],
});

/** An object that is edited in place, as its frame and its document see it (INP-01). */
export const IOleInPlaceActiveObject = defineInterface({
  name: "IOleInPlaceActiveObject",
  iid: "00000117-0000-0000-c000-000000000046",
  base: IOleWindow,
  methods: [
    method("TranslateAccelerator", [param.in("lpmsg", unique(MSG))]),
    method("OnFrameWindowActivate", [param.in("fActivate", BOOL)]),
    method("OnDocWindowActivate", [param.in("fActivate", BOOL)]),
    method("ResizeBorder", [
      param.in("prcBorder", unique(RECT)),
      param.in(
        "pUIWindow",
        pointerTo((): Interface<NoMethods> => IOleInPlaceUIWindow as Interface<NoMethods>),
      ),
      param.in("fFrameWindow", BOOL),
    ]),
    method("EnableModeless", [param.in("fEnable", BOOL)]),
  ],
});

/** A window that gives borders to what is edited in it (INP-01). */
export const IOleInPlaceUIWindow = defineInterface({
  name: "IOleInPlaceUIWindow",
  iid: "00000115-0000-0000-c000-000000000046",
  base: IOleWindow,
  methods: [
    method("GetBorder", [param.out("lprectBorder", RECT)]),
    method("RequestBorderSpace", [param.in("pborderwidths", unique(RECT))]),
    method("SetBorderSpace", [param.in("pborderwidths", unique(RECT))]),
    method("SetActiveObject", [
      param.in("pActiveObject", pointerTo(IOleInPlaceActiveObject)),
      param.in("pszObjName", LPWSTR),
    ]),
  ],
});

/** The outermost window, with the menu and the status line (INP-01). */
export const IOleInPlaceFrame = defineInterface({
  name: "IOleInPlaceFrame",
  iid: "00000116-0000-0000-c000-000000000046",
  base: IOleInPlaceUIWindow,
  methods: [
    method("InsertMenus", [
      param.in("hmenuShared", ULONGLONG),
      param.inout("lpMenuWidths", OLEMENUGROUPWIDTHS),
    ]),
    method("SetMenu", [
      param.in("hmenuShared", ULONGLONG),
      param.in("holemenu", ULONGLONG),
      param.in("hwndActiveObject", ULONGLONG),
    ]),
    method("RemoveMenus", [param.in("hmenuShared", ULONGLONG)]),
    method("SetStatusText", [param.in("pszStatusText", LPWSTR)]),
    method("EnableModeless", [param.in("fEnable", BOOL)]),
    method("TranslateAccelerator", [param.in("lpmsg", unique(MSG)), param.in("wID", USHORT)]),
  ],
});

/** An object that is edited in place, as its container sees it (INP-01). */
export const IOleInPlaceObject = defineInterface({
  name: "IOleInPlaceObject",
  iid: "00000113-0000-0000-c000-000000000046",
  base: IOleWindow,
  methods: [
    method("InPlaceDeactivate", []),
    method("UIDeactivate", []),
    method("SetObjectRects", [
      param.in("lprcPosRect", unique(RECT)),
      param.in("lprcClipRect", unique(RECT)),
    ]),
    method("ReactivateAndUndo", []),
  ],
});
