import { defineInterface, type Interface, method, param } from "../interface.ts";
import {
  array,
  BOOL,
  BYTE,
  DWORD,
  GUID,
  LPWSTR,
  pointerByIid,
  pointerTo,
  type InterfaceType,
  ULONG,
  ULONGLONG,
} from "../type.ts";
import { IUnknown, type NoMethods } from "../well-known.ts";
import { FILETIME, IStream } from "./streams.ts";

// Names of objects, and the table of those that run. Monikers refer to each other and to their
// enumerators: within IMoniker such pointers are seen as IUnknown, and queried for more.

/** Registers strongly: the table keeps the object alive. */
export const ROTFLAGS_REGISTRATIONKEEPSALIVE = 1;
/** Clients of any identity may connect. */
export const ROTFLAGS_ALLOWANYCLIENT = 2;

const aMoniker: InterfaceType<NoMethods> = pointerTo((): Interface<NoMethods> => IMoniker);
const anEnumerator: InterfaceType<NoMethods> = pointerTo((): Interface<NoMethods> => IEnumMoniker);
/** IBindCtx; callers here pass NULL. */
const pbc = param.in("pbc", pointerTo(IUnknown));
const pmkToLeft = param.in("pmkToLeft", aMoniker);

/** An object that can be saved knows its class. */
export const IPersist = defineInterface({
  name: "IPersist",
  iid: "0000010c-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [method("GetClassID", [param.retval("pClassID", GUID)])],
});

/** Saves an object to a stream and loads it again. */
export const IPersistStream = defineInterface({
  name: "IPersistStream",
  iid: "00000109-0000-0000-c000-000000000046",
  base: IPersist,
  methods: [
    method("IsDirty", []),
    method("Load", [param.in("pStm", pointerTo(IStream))]),
    method("Save", [param.in("pStm", pointerTo(IStream)), param.in("fClearDirty", BOOL)]),
    method("GetSizeMax", [param.retval("pcbSize", ULONGLONG)]),
  ],
});

/** The name of an object. */
export const IMoniker = defineInterface({
  name: "IMoniker",
  iid: "0000000f-0000-0000-c000-000000000046",
  base: IPersistStream,
  methods: [
    method("BindToObject", [
      pbc,
      pmkToLeft,
      param.in("riidResult", GUID),
      param.retval("ppvResult", pointerByIid(IUnknown, "riidResult")),
    ]),
    method("BindToStorage", [
      pbc,
      pmkToLeft,
      param.in("riid", GUID),
      param.retval("ppvObj", pointerByIid(IUnknown, "riid")),
    ]),
    method("Reduce", [
      pbc,
      param.in("dwReduceHowFar", DWORD),
      param.inout("ppmkToLeft", aMoniker),
      param.out("ppmkReduced", aMoniker),
    ]),
    method("ComposeWith", [
      param.in("pmkRight", aMoniker),
      param.in("fOnlyIfNotGeneric", BOOL),
      param.retval("ppmkComposite", aMoniker),
    ]),
    method("Enum", [param.in("fForward", BOOL), param.retval("ppenumMoniker", anEnumerator)]),
    method("IsEqual", [param.in("pmkOtherMoniker", aMoniker)]),
    method("Hash", [param.retval("pdwHash", DWORD)]),
    method("IsRunning", [pbc, pmkToLeft, param.in("pmkNewlyRunning", aMoniker)]),
    method("GetTimeOfLastChange", [pbc, pmkToLeft, param.retval("pFileTime", FILETIME)]),
    method("Inverse", [param.retval("ppmk", aMoniker)]),
    method("CommonPrefixWith", [
      param.in("pmkOther", aMoniker),
      param.retval("ppmkPrefix", aMoniker),
    ]),
    method("RelativePathTo", [
      param.in("pmkOther", aMoniker),
      param.retval("ppmkRelPath", aMoniker),
    ]),
    method("GetDisplayName", [pbc, pmkToLeft, param.retval("ppszDisplayName", LPWSTR)]),
    method("ParseDisplayName", [
      pbc,
      pmkToLeft,
      param.in("pszDisplayName", LPWSTR),
      param.out("pchEaten", ULONG),
      param.out("ppmkOut", aMoniker),
    ]),
    method("IsSystemMoniker", [param.retval("pdwMksys", DWORD)]),
  ],
});

/** What the running object table compares monikers by. */
export const IROTData = defineInterface({
  name: "IROTData",
  iid: "f29f6bc0-5021-11ce-aa15-00006901293f",
  base: IUnknown,
  methods: [
    method("GetComparisonData", [
      param.out("pbData", array(BYTE, { sizeIs: "cbMax", lengthIs: "pcbData" })),
      param.in("cbMax", ULONG),
      param.out("pcbData", ULONG),
    ]),
  ],
});

/** Walks over monikers. */
export const IEnumMoniker = defineInterface({
  name: "IEnumMoniker",
  iid: "00000102-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("Next", [
      param.in("celt", ULONG),
      param.out("rgelt", array(pointerTo(IMoniker), { sizeIs: "celt", lengthIs: "pceltFetched" })),
      param.out("pceltFetched", ULONG),
    ]),
    method("Skip", [param.in("celt", ULONG)]),
    method("Reset", []),
    method("Clone", [param.retval("ppenum", anEnumerator)]),
  ],
});

/** The running object table: objects by moniker, for all processes of the machine. */
export const IRunningObjectTable = defineInterface({
  name: "IRunningObjectTable",
  iid: "00000010-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("Register", [
      param.in("grfFlags", DWORD),
      param.in("punkObject", pointerTo(IUnknown)),
      param.in("pmkObjectName", pointerTo(IMoniker)),
      param.retval("pdwRegister", DWORD),
    ]),
    method("Revoke", [param.in("dwRegister", DWORD)]),
    method("IsRunning", [param.in("pmkObjectName", pointerTo(IMoniker))]),
    method("GetObject", [
      param.in("pmkObjectName", pointerTo(IMoniker)),
      param.retval("ppunkObject", pointerTo(IUnknown)),
    ]),
    method("NoteChangeTime", [param.in("dwRegister", DWORD), param.in("pfiletime", FILETIME)]),
    method("GetTimeOfLastChange", [
      param.in("pmkObjectName", pointerTo(IMoniker)),
      param.retval("pfiletime", FILETIME),
    ]),
    method("EnumRunning", [param.retval("ppenumMoniker", pointerTo(IEnumMoniker))]),
  ],
});
