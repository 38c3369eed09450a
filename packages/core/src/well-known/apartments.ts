import { defineInterface, method, param } from "../interface.ts";
import { BOOL, GUID, pointerByIid, pointerTo, ULONG } from "../type.ts";
import { IUnknown } from "../well-known.ts";

/** CoInitializeEx: the thread gets an STA of its own (APT-01). */
export const COINIT_APARTMENTTHREADED = 0x2;
/** CoInitializeEx: the thread joins the MTA (APT-01). */
export const COINIT_MULTITHREADED = 0x0;

/** The kinds of apartments, as CoGetApartmentType tells them. */
export const APTTYPE_STA = 0;
export const APTTYPE_MTA = 1;
export const APTTYPE_NA = 2;
export const APTTYPE_MAINSTA = 3;

/** What CoGetApartmentType adds: how a thread came into the MTA, and from where it visits the NA. */
export const APTTYPEQUALIFIER_NONE = 0;
export const APTTYPEQUALIFIER_IMPLICIT_MTA = 1;
export const APTTYPEQUALIFIER_NA_ON_MTA = 2;
export const APTTYPEQUALIFIER_NA_ON_STA = 3;
export const APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA = 4;
export const APTTYPEQUALIFIER_NA_ON_MAINSTA = 5;

/** A thread that may block, as those of the MTA may; one that has to pump, as an STA's. */
export const THDTYPE_BLOCKMESSAGES = 0;
export const THDTYPE_PROCESSMESSAGES = 1;

/** The context of a thread, of CoGetObjectContext: its apartment and its causality (APT-15). */
export const IComThreadingInfo = defineInterface({
  name: "IComThreadingInfo",
  iid: "000001ce-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("GetCurrentApartmentType", [param.out("pAptType", ULONG)]),
    method("GetCurrentThreadType", [param.out("pThreadType", ULONG)]),
    method("GetCurrentLogicalThreadId", [param.out("pguidLogicalThreadId", GUID)]),
    method("SetCurrentLogicalThreadId", [param.in("rguid", GUID)]),
  ],
});

/** Makes objects of one class; CoGetClassObject gives it (ACT-03). */
export const IClassFactory = defineInterface({
  name: "IClassFactory",
  iid: "00000001-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("CreateInstance", [
      param.in("pUnkOuter", pointerTo(IUnknown)),
      param.in("riid", GUID),
      param.out("ppvObject", pointerByIid(IUnknown, "riid")),
    ]),
    method("LockServer", [param.in("fLock", BOOL)]),
  ],
});
