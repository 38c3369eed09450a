import { defineInterface, type Interface, method, param } from "../interface.ts";
import type { InterfacePointer } from "../pointer.ts";
import type { Guid } from "../guid.ts";
import { array, DWORD, GUID, pointerTo, struct, ULONG } from "../type.ts";
import { IUnknown, type NoMethods } from "../well-known.ts";

// Connectable objects (ocidl.h): an object tells of its events by calling interfaces that it names
// and its clients implement. The four interfaces refer to each other, hence the written-out types.

/** A sink and the cookie of its connection. */
export const CONNECTDATA = struct("CONNECTDATA", {
  pUnk: pointerTo(IUnknown),
  dwCookie: DWORD,
});

/** The methods of {@link IEnumConnections}. */
export interface EnumConnections {
  /** Up to `cConnections` more; S_FALSE when there are fewer (EVT-09). */
  Next(cConnections: number): { pUnk: InterfacePointer<NoMethods> | null; dwCookie: number }[];
  Skip(cConnections: number): void;
  Reset(): void;
  Clone(): InterfacePointer<EnumConnections> | null;
}

/** The methods of {@link IConnectionPoint}. */
export interface ConnectionPoint {
  GetConnectionInterface(): Guid;
  GetConnectionPointContainer(): InterfacePointer<ConnectionPointContainer> | null;
  /** Connects a sink; the result is its cookie (EVT-03). */
  Advise(pUnkSink: InterfacePointer<NoMethods> | null): number;
  Unadvise(dwCookie: number): void;
  EnumConnections(): InterfacePointer<EnumConnections> | null;
}

/** The methods of {@link IEnumConnectionPoints}. */
export interface EnumConnectionPoints {
  /** Up to `cConnections` more; S_FALSE when there are fewer (EVT-09). */
  Next(cConnections: number): (InterfacePointer<ConnectionPoint> | null)[];
  Skip(cConnections: number): void;
  Reset(): void;
  Clone(): InterfacePointer<EnumConnectionPoints> | null;
}

/** The methods of {@link IConnectionPointContainer}. */
export interface ConnectionPointContainer {
  EnumConnectionPoints(): InterfacePointer<EnumConnectionPoints> | null;
  /** The connection point of an outgoing interface, by its IID (EVT-01). */
  FindConnectionPoint(riid: Guid): InterfacePointer<ConnectionPoint> | null;
}

/** Enumerates the sinks of a connection point, as they were when it was made. */
export const IEnumConnections: Interface<EnumConnections> = defineInterface({
  name: "IEnumConnections",
  iid: "b196b287-bab4-101a-b69c-00aa00341d07",
  base: IUnknown,
  methods: [
    method("Next", [
      param.in("cConnections", ULONG),
      param.out("rgcd", array(CONNECTDATA, { sizeIs: "cConnections", lengthIs: "pcFetched" })),
      param.out("pcFetched", ULONG),
    ]),
    method("Skip", [param.in("cConnections", ULONG)]),
    method("Reset", []),
    method("Clone", [
      param.out(
        "ppEnum",
        pointerTo(() => IEnumConnections),
      ),
    ]),
  ],
});

/** One outgoing interface of a connectable object, and the sinks that are connected to it. */
export const IConnectionPoint: Interface<ConnectionPoint> = defineInterface({
  name: "IConnectionPoint",
  iid: "b196b286-bab4-101a-b69c-00aa00341d07",
  base: IUnknown,
  methods: [
    method("GetConnectionInterface", [param.out("pIID", GUID)]),
    method("GetConnectionPointContainer", [
      param.out(
        "ppCPC",
        pointerTo(() => IConnectionPointContainer),
      ),
    ]),
    method("Advise", [param.in("pUnkSink", pointerTo(IUnknown)), param.out("pdwCookie", DWORD)]),
    method("Unadvise", [param.in("dwCookie", DWORD)]),
    method("EnumConnections", [param.out("ppEnum", pointerTo(IEnumConnections))]),
  ],
});

/** Enumerates the connection points of an object. */
export const IEnumConnectionPoints: Interface<EnumConnectionPoints> = defineInterface({
  name: "IEnumConnectionPoints",
  iid: "b196b285-bab4-101a-b69c-00aa00341d07",
  base: IUnknown,
  methods: [
    method("Next", [
      param.in("cConnections", ULONG),
      param.out(
        "ppCP",
        array(pointerTo(IConnectionPoint), { sizeIs: "cConnections", lengthIs: "pcFetched" }),
      ),
      param.out("pcFetched", ULONG),
    ]),
    method("Skip", [param.in("cConnections", ULONG)]),
    method("Reset", []),
    method("Clone", [
      param.out(
        "ppEnum",
        pointerTo(() => IEnumConnectionPoints),
      ),
    ]),
  ],
});

/** What makes an object connectable: finds its connection points (EVT-01). */
export const IConnectionPointContainer: Interface<ConnectionPointContainer> = defineInterface({
  name: "IConnectionPointContainer",
  iid: "b196b284-bab4-101a-b69c-00aa00341d07",
  base: IUnknown,
  methods: [
    method("EnumConnectionPoints", [param.out("ppEnum", pointerTo(IEnumConnectionPoints))]),
    method("FindConnectionPoint", [
      param.in("riid", GUID),
      param.out("ppCP", pointerTo(IConnectionPoint)),
    ]),
  ],
});
