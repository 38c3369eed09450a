import { VARIANT } from "./automation-type.ts";
import { defineInterface, type Interface, method, param } from "./interface.ts";
import {
  array,
  BSTR,
  DWORD,
  GUID,
  HRESULT,
  LONG,
  LPWSTR,
  pointerTo,
  struct,
  ULONG,
  USHORT,
  unique,
} from "./type.ts";
import { IUnknown } from "./well-known.ts";

/** Type information is handed on only: none of its methods is described. */
const ITypeInfo = defineInterface({
  name: "ITypeInfo",
  iid: "00020401-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [],
});

/** The arguments of Invoke, the last one first ([MS-OAUT] 2.2.33). */
export const DISPPARAMS = struct("DISPPARAMS", {
  rgvarg: unique(array(VARIANT, { sizeIs: "cArgs" })),
  rgdispidNamedArgs: unique(array(LONG, { sizeIs: "cNamedArgs" })),
  cArgs: ULONG,
  cNamedArgs: ULONG,
});

/** What went wrong, as DISP_E_EXCEPTION has it ([MS-OAUT] 2.2.34). */
export const EXCEPINFO = struct("EXCEPINFO", {
  wCode: USHORT,
  wReserved: USHORT,
  bstrSource: BSTR,
  bstrDescription: BSTR,
  bstrHelpFile: BSTR,
  dwHelpContext: DWORD,
  pvReserved: ULONG,
  pfnDeferredFillIn: ULONG,
  scode: HRESULT,
});

/**
 * Methods and properties by name ([MS-OAUT] 3.1.4). Invoke has the form in which it travels: by
 * reference arguments stand once more in `rgVarRef`, at the places that `rgVarRefIdx` lists.
 */
export const IDispatch = defineInterface({
  name: "IDispatch",
  iid: "00020400-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("GetTypeInfoCount", [param.out("pctinfo", ULONG)]),
    method("GetTypeInfo", [
      param.in("iTInfo", ULONG),
      param.in("lcid", DWORD),
      param.out("ppTInfo", pointerTo(ITypeInfo)),
    ]),
    method("GetIDsOfNames", [
      param.in("riid", GUID),
      param.in("rgszNames", array(LPWSTR, { sizeIs: "cNames" })),
      param.in("cNames", ULONG),
      param.in("lcid", DWORD),
      param.out("rgDispId", array(LONG, { sizeIs: "cNames" })),
    ]),
    method("Invoke", [
      param.in("dispIdMember", LONG),
      param.in("riid", GUID),
      param.in("lcid", DWORD),
      param.in("dwFlags", DWORD),
      param.in("pDispParams", DISPPARAMS),
      param.out("pVarResult", VARIANT),
      param.out("pExcepInfo", EXCEPINFO),
      param.out("pArgErr", ULONG),
      param.in("cVarRef", ULONG),
      param.in("rgVarRefIdx", array(ULONG, { sizeIs: "cVarRef" })),
      param.inout("rgVarRef", array(VARIANT, { sizeIs: "cVarRef" })),
    ]),
  ],
});

/** Tells whether `iface` is IDispatch or derives from it. */
export function isDispatch(iface: Interface): boolean {
  for (let i: Interface | null = iface; i !== null; i = i.base) {
    if (i.iid === IDispatch.iid) return true;
  }
  return false;
}
