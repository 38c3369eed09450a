import {
  E_INVALIDARG,
  E_NOTIMPL,
  type HResult,
  guid,
  guidToBytes,
  IMoniker,
  IROTData,
  type Method,
  type Reply,
  S_FALSE,
  S_OK,
} from "@callfactory/core";
import { ComObject, type Pointer } from "../object/com-object.ts";
import type { Ledger } from "../object/ledger.ts";

const CLSID_ItemMoniker = guid("00000304-0000-0000-c000-000000000046");
const MKSYS_ITEMMONIKER = 4;

/** The name of an item: a delimiter and a name, compared without regard to case. At home everywhere. */
export class ItemMoniker extends ComObject {
  /** IMoniker, borrowed. */
  readonly pointer: Pointer;
  /** What the running object table compares by. */
  readonly comparisonData: Uint8Array;
  readonly #displayName: string;

  constructor(displayName: string, ledger: Ledger) {
    super({ apartment: null, ledger, kind: "object" });
    this.#displayName = displayName;
    this.comparisonData = comparisonData(displayName.toUpperCase());
    this.pointer = this.expose(IMoniker, (method, args) => this.#invoke(method, args));
    this.expose(IROTData, (_method, args) =>
      (args[0] as number) < this.comparisonData.length
        ? done(E_INVALIDARG)
        : { hr: S_OK, value: this.comparisonData.slice() },
    );
  }

  #invoke(method: Method, args: readonly unknown[]): Reply {
    switch (method.name) {
      case "GetClassID":
        return { hr: S_OK, value: CLSID_ItemMoniker };
      case "IsDirty":
        return done(S_FALSE);
      case "IsEqual":
        return done(this.#isEqual(args[0] as Pointer | null));
      case "Hash":
        return { hr: S_OK, value: hashOf(this.comparisonData) };
      case "GetDisplayName":
        return { hr: S_OK, value: this.#displayName };
      case "IsSystemMoniker":
        return { hr: S_OK, value: MKSYS_ITEMMONIKER };
      // Composites, storages and binding to the left belong to documents, which are not emulated.
      default:
        return done(E_NOTIMPL);
    }
  }

  #isEqual(other: Pointer | null): HResult {
    if (other === null) return E_INVALIDARG;
    const { unknown } = other;
    if (!(unknown instanceof ItemMoniker)) return S_FALSE;
    return keyOf(unknown.comparisonData) === keyOf(this.comparisonData) ? S_OK : S_FALSE;
  }
}

/** Comparison data as the key of a map. */
export function keyOf(data: Uint8Array): string {
  return String.fromCharCode(...data);
}

/** The class, and the name as UTF-16 with its NUL. */
function comparisonData(name: string): Uint8Array {
  const bytes = new Uint8Array(16 + (name.length + 1) * 2);
  guidToBytes(CLSID_ItemMoniker, bytes, 0);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < name.length; i++) view.setUint16(16 + i * 2, name.charCodeAt(i), true);
  return bytes;
}

function hashOf(data: Uint8Array): number {
  return data.reduce((hash, byte) => (Math.imul(hash, 31) + byte) >>> 0, 0);
}

function done(hr: HResult): Reply {
  return { hr, value: undefined };
}
