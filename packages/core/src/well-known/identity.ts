import { asyncOf } from "../async-of.ts";
import type { Guid } from "../guid.ts";
import { guid } from "../guid.ts";
import {
  type AsyncInterface,
  buildInterface,
  defineInterface,
  type Method,
  type MethodSpec,
  method,
  param,
  placeMethod,
} from "../interface.ts";
import type { InterfacePointer } from "../pointer.ts";
import { array, GUID, HRESULT, pointerByIid, pointerTo, ref, struct, ULONG } from "../type.ts";
import { IUnknown, type NoMethods } from "../well-known.ts";

/** IUnknown's own methods, as AsyncIUnknown has halves of them. The counts that two of them return say nothing. */
export interface UnknownMethods {
  QueryInterface(riid: Guid): InterfacePointer<NoMethods> | null;
  AddRef(): void;
  Release(): void;
}

const QUERY_INTERFACE = method("QueryInterface", [
  param.in("riid", GUID),
  param.out("ppvObject", pointerByIid(IUnknown, "riid")),
]);

/**
 * IUnknown of the object behind a proxy, asynchronously: the final Release among it, which does not
 * wait for the server (CONV-06). Written by hand: only Finish_AddRef and Finish_Release return what
 * the method returns (IDL-04), and no async interface derives from it (IDL-05).
 */
export const AsyncIUnknown: AsyncInterface<UnknownMethods> = buildInterface({
  name: "AsyncIUnknown",
  iid: guid("000e0000-0000-0000-c000-000000000046"),
  base: IUnknown,
  methods: [QUERY_INTERFACE, method("AddRef", [], "ULONG"), method("Release", [], "ULONG")].flatMap(
    halvesOf,
  ),
  asyncIid: null,
  syncOf: IUnknown,
}) as AsyncInterface<UnknownMethods>;

function halvesOf(spec: MethodSpec, index: number): Method[] {
  const of = placeMethod("IUnknown", spec, index, null);
  const params = (direction: "in" | "out") => spec.params.filter((p) => p.direction === direction);
  const begin = method(`Begin_${spec.name}`, params("in"));
  const finish = method(`Finish_${spec.name}`, params("out"), spec.returns);
  const slot = 3 + 2 * index;
  return [
    placeMethod("AsyncIUnknown", begin, slot, { kind: "Begin_", of }),
    placeMethod("AsyncIUnknown", finish, slot + 1, { kind: "Finish_", of }),
  ];
}

/** One interface that is asked for: `pItf` is NULL before, and when `hr` reports failure. */
export const MULTI_QI = struct("MULTI_QI", {
  pIID: ref(GUID),
  pItf: pointerTo(IUnknown),
  hr: HRESULT,
});

/**
 * Several QueryInterface of a proxy in one round trip. CO_S_NOTALLINTERFACES when the object has
 * some of the interfaces, E_NOINTERFACE when it has none (CONV-07).
 */
export const IMultiQI = defineInterface({
  name: "IMultiQI",
  iid: "00000020-0000-0000-c000-000000000046",
  asyncIid: "000e0020-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("QueryMultipleInterfaces", [
      param.in("cMQIs", ULONG),
      param.inout("pMQIs", array(MULTI_QI, { sizeIs: "cMQIs" })),
    ]),
  ],
});
export const AsyncIMultiQI = asyncOf(IMultiQI);
