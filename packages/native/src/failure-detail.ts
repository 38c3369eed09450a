import {
  CLASS_E_CLASSNOTAVAILABLE,
  type ComErrorOptions,
  E_NOINTERFACE,
  type HResult,
  hresultFromWin32,
  type Interface,
  REGDB_E_CLASSNOTREG,
} from "@callfactory/core";

const ERROR_FILE_NOT_FOUND = 2;
const ERROR_MOD_NOT_FOUND = 126;
const ERROR_PROC_NOT_FOUND = 127;
const ERROR_BAD_EXE_FORMAT = 193;

/** What was to be activated. */
export interface ActivationSubject {
  readonly clsid: string;
  readonly interfaceName: string;
  readonly library: string | null;
}

/** The cause of a failed activation in words, and the next step; nothing where the code says it all. */
export function activationDetail(hr: HResult, subject: ActivationSubject): ComErrorOptions {
  const detail = explain(hr, subject);
  return detail === null ? {} : { detail };
}

function explain(hr: HResult, { clsid, interfaceName, library }: ActivationSubject): string | null {
  switch (hr) {
    case REGDB_E_CLASSNOTREG:
      return (
        `no class {${clsid}} is registered for ${process.arch} processes: register its server ` +
        `(regsvr32 server.dll), or name the DLL with the option 'library'`
      );
    case CLASS_E_CLASSNOTAVAILABLE:
      return `${library ?? "its server"} does not serve the class {${clsid}}`;
    case E_NOINTERFACE:
      return `the class {${clsid}} has no interface ${interfaceName}, or it cannot be marshaled`;
    case hresultFromWin32(ERROR_FILE_NOT_FOUND):
    case hresultFromWin32(ERROR_MOD_NOT_FOUND):
      return `${library ?? "the server"} or a DLL that it needs was not found: check the path`;
    case hresultFromWin32(ERROR_PROC_NOT_FOUND):
      return `${library ?? "the server"} exports no DllGetClassObject: it is not a COM server`;
    case hresultFromWin32(ERROR_BAD_EXE_FORMAT):
      return `${library ?? "the server"} is not a DLL for ${process.arch}`;
    default:
      return null;
  }
}

/** Says which interface is missing. */
export function noInterface(hr: HResult, iface: Interface): ComErrorOptions {
  return hr === E_NOINTERFACE ? { detail: `no interface ${iface.name} {${iface.iid}}` } : {};
}
