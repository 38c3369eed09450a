import {
  ComError,
  type Guid,
  GUID_NULL,
  hresult,
  type Method,
  type Reply,
  RPC_E_INVALID_OBJECT,
  S_OK,
} from "@callfactory/core";
import type { StdObjRef } from "@callfactory/wire";
import type { Apartment } from "../apartment/apartment.ts";
import { ComObject, type Pointer, type Unknown } from "../object/com-object.ts";
import { IRemUnknown, type RemInterfaceRef, type RemQiResult } from "./rem-unknown-interface.ts";

/** The part of an object exporter that IRemUnknown works on. */
export interface RemoteReferences {
  objectOf(ipid: Guid): Unknown | undefined;
  export(object: Unknown, iid: Guid, refs: number): StdObjRef;
  addRefs(ipid: Guid, refs: number): boolean;
  releaseRefs(ipid: Guid, refs: number): void;
}

/** Makes the IRemUnknown of an object exporter (MAR-15); the caller owns the reference. */
export function createRemUnknown(references: RemoteReferences, apartment: Apartment): Pointer {
  const object = new ComObject({ apartment, ledger: null, kind: "object" });
  return object.expose(IRemUnknown, (method, args) => invoke(references, method, args));
}

function invoke(references: RemoteReferences, method: Method, args: readonly unknown[]): Reply {
  switch (method.name) {
    case "RemQueryInterface": {
      const [ipid, refs, , iids] = args as [Guid, number, number, Guid[]];
      return remQueryInterface(references, { ipid, refs, iids });
    }
    case "RemAddRef": {
      const added = (args[1] as RemInterfaceRef[]).map((ref) =>
        references.addRefs(ref.ipid, ref.cPublicRefs + ref.cPrivateRefs)
          ? S_OK
          : RPC_E_INVALID_OBJECT,
      );
      return { hr: S_OK, value: Uint32Array.from(added) };
    }
    default: {
      for (const ref of args[1] as RemInterfaceRef[]) {
        references.releaseRefs(ref.ipid, ref.cPublicRefs + ref.cPrivateRefs);
      }
      return { hr: S_OK, value: undefined };
    }
  }
}

function remQueryInterface(
  references: RemoteReferences,
  query: { readonly ipid: Guid; readonly refs: number; readonly iids: readonly Guid[] },
): Reply {
  const object = references.objectOf(query.ipid);
  if (object === undefined) return { hr: RPC_E_INVALID_OBJECT, value: undefined };
  const results = query.iids.map((iid): RemQiResult => {
    try {
      const { flags, publicRefs, oxid, oid, ipid } = references.export(object, iid, query.refs);
      return { hResult: S_OK, std: { flags, cPublicRefs: publicRefs, oxid, oid, ipid } };
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
      const std = { flags: 0, cPublicRefs: 0, oxid: 0n, oid: 0n, ipid: GUID_NULL };
      return { hResult: hresult(error.hr), std };
    }
  });
  return { hr: S_OK, value: results };
}
