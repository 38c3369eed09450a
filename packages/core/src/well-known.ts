import { asyncOf } from "./async-of.ts";
import { GUID_NULL, guid } from "./guid.ts";
import { buildInterface, defineInterface, type Interface, method, param } from "./interface.ts";
import {
  array,
  BYTE,
  DOUBLE,
  DWORD,
  GUID,
  LONG,
  pointerByIid,
  pointerTo,
  type Type,
  ULONG,
  ULONGLONG,
} from "./type.ts";

// Interfaces and classes that COM itself brings (catalogue section C), as far as they are used.

/** No methods beyond IUnknown's own three, which every pointer has. */
export type NoMethods = Record<never, never>;

export const IID_NULL = GUID_NULL;

export const IUnknown: Interface<NoMethods> = buildInterface({
  name: "IUnknown",
  iid: guid("00000000-0000-0000-c000-000000000046"),
  base: null,
  methods: [],
  asyncIid: null,
  syncOf: null,
}) as Interface<NoMethods>;

/** CLSID of the auto-reset synchronization object (SYNC-09). */
export const CLSID_StdEvent = guid("0000032b-0000-0000-c000-000000000046");
/** CLSID of the synchronization object that stays signaled until Reset (SYNC-10). */
export const CLSID_ManualResetEvent = guid("0000032c-0000-0000-c000-000000000046");
/** CLSID of the container of synchronization objects (SYNC-17). */
export const CLSID_SynchronizeContainer = guid("0000032d-0000-0000-c000-000000000046");

/** No limit for ISynchronize::Wait (SYNC-01). */
export const INFINITE = 0xffffffff;
/** No limit for ICancelMethodCalls::Cancel, in place of seconds (CAN-09). */
export const RPC_C_CANCEL_INFINITE_TIMEOUT = 0xffffffff;

/** Makes call objects; COM's proxy manager has one for every proxy (DISC-02). */
export const ICallFactory = defineInterface({
  name: "ICallFactory",
  iid: "1c733a30-2a1c-11ce-ade5-00aa0044773d",
  base: IUnknown,
  methods: [
    method("CreateCall", [
      param.in("riid", GUID),
      param.in("pCtrlUnk", pointerTo(IUnknown)),
      param.in("riid2", GUID),
      param.out("ppv", pointerByIid(IUnknown, "riid2")),
    ]),
  ],
});

/** Waiting for a signal; every call object has one (SYNC-01, SYNC-23). */
export const ISynchronize = defineInterface({
  name: "ISynchronize",
  iid: "00000030-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("Wait", [param.in("dwFlags", DWORD), param.in("dwMilliseconds", DWORD)]),
    method("Signal", []),
    method("Reset", []),
  ],
});

/** The operating system's handle behind a synchronization object (SYNC-14). */
export const ISynchronizeHandle = defineInterface({
  name: "ISynchronizeHandle",
  iid: "00000031-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [method("GetHandle", [param.out("ph", ULONGLONG)])],
});

/** Cancels the call of a call object (CAN-01). */
export const ICancelMethodCalls = defineInterface({
  name: "ICancelMethodCalls",
  iid: "00000029-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [method("Cancel", [param.in("ulSeconds", ULONG)]), method("TestCancel", [])],
});

/** A pipe of bytes; COM brings its proxy, stub and async form (REG-05). */
export const IPipeByte = defineInterface({
  name: "IPipeByte",
  iid: "db2f3aca-2f86-11d1-8e04-00c04fb9989a",
  asyncIid: "db2f3acb-2f86-11d1-8e04-00c04fb9989a",
  base: IUnknown,
  methods: pipeMethods(BYTE),
});
export const AsyncIPipeByte = asyncOf(IPipeByte);

/** A pipe of LONGs (REG-05). */
export const IPipeLong = defineInterface({
  name: "IPipeLong",
  iid: "db2f3acc-2f86-11d1-8e04-00c04fb9989a",
  asyncIid: "db2f3acd-2f86-11d1-8e04-00c04fb9989a",
  base: IUnknown,
  methods: pipeMethods(LONG),
});
export const AsyncIPipeLong = asyncOf(IPipeLong);

/** A pipe of doubles (REG-05). */
export const IPipeDouble = defineInterface({
  name: "IPipeDouble",
  iid: "db2f3ace-2f86-11d1-8e04-00c04fb9989a",
  asyncIid: "db2f3acf-2f86-11d1-8e04-00c04fb9989a",
  base: IUnknown,
  methods: pipeMethods(DOUBLE),
});
export const AsyncIPipeDouble = asyncOf(IPipeDouble);

/** The three IPipe* interfaces differ in their element alone. */
function pipeMethods<T extends Type>(element: T) {
  return [
    method("Pull", [
      param.out("buf", array(element, { sizeIs: "cRequest", lengthIs: "pcReturned" })),
      param.in("cRequest", ULONG),
      param.out("pcReturned", ULONG),
    ]),
    method("Push", [
      param.in("buf", array(element, { sizeIs: "cSent" })),
      param.in("cSent", ULONG),
    ]),
  ] as const;
}
