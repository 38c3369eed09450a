import {
  type Awaitable,
  ComError,
  failed,
  type Guid,
  GUID_NULL,
  type HResult,
  hresult,
  type Method,
  type Reply,
  RPC_E_INVALID_OBJECT,
  S_OK,
} from "@callfactory/core";
import type { StdObjRef } from "@callfactory/wire";
import type { Apartment, CallContext } from "../apartment/apartment.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject, type Pointer, type Unknown } from "../object/com-object.ts";
import { releaseAndWait } from "../object/endings.ts";
import type { RefCounts } from "./interface-stub.ts";
import type { Marshals } from "./marshals.ts";
import {
  IRemUnknown2,
  type MInterfacePointer,
  type RemInterfaceRef,
  type RemQiResult,
} from "./rem-unknown-interface.ts";

/** The part of an object exporter that IRemUnknown works on. */
export interface RemoteReferences {
  objectOf(ipid: Guid): Unknown | undefined;
  export(object: Unknown, iid: Guid, options: { readonly refs: number }): StdObjRef;
  addRefs(ipid: Guid, counts: RefCounts): boolean;
  releaseRefs(ipid: Guid, counts: RefCounts): void;
}

/** What IRemUnknown is made with. */
export interface RemUnknownOptions {
  readonly references: RemoteReferences;
  readonly marshaler: Marshals;
  readonly apartment: Apartment;
}

/** Makes the IRemUnknown2 of an object exporter (MAR-15); the caller owns the reference. */
export function createRemUnknown(options: RemUnknownOptions): Pointer {
  const object = new ComObject({ apartment: options.apartment, ledger: null, kind: "object" });
  return object.expose(IRemUnknown2, (method, args, context) =>
    invoke(options, method, args, context),
  );
}

function invoke(
  { references, marshaler }: RemUnknownOptions,
  method: Method,
  args: readonly unknown[],
  context: CallContext,
): Awaitable<Reply> {
  switch (method.name) {
    case "RemQueryInterface": {
      const [ipid, refs, , iids] = args as [Guid, number, number, Guid[]];
      return remQueryInterface(references, { ipid, refs, iids });
    }
    case "RemQueryInterface2": {
      const [ipid, , iids] = args as [Guid, number, Guid[]];
      const object = references.objectOf(ipid);
      if (object === undefined) return { hr: RPC_E_INVALID_OBJECT, value: undefined };
      return remQueryInterface2(object, iids, marshaler);
    }
    case "RemAddRef": {
      const added = (args[1] as RemInterfaceRef[]).map((ref) =>
        references.addRefs(ref.ipid, countsOf(ref, context)) ? S_OK : RPC_E_INVALID_OBJECT,
      );
      return { hr: S_OK, value: Uint32Array.from(added) };
    }
    default: {
      const ended = releaseAndWait(() => {
        for (const ref of args[1] as RemInterfaceRef[]) {
          references.releaseRefs(ref.ipid, countsOf(ref, context));
        }
      });
      return chain(ended, () => ({ hr: S_OK, value: undefined }));
    }
  }
}

function countsOf(
  { cPublicRefs, cPrivateRefs }: RemInterfaceRef,
  { client }: CallContext,
): RefCounts {
  // Private references belong to whoever took them (MAR-15).
  return { publicRefs: cPublicRefs, privateRefs: cPrivateRefs, client: client?.name ?? "" };
}

function remQueryInterface(
  references: RemoteReferences,
  query: { readonly ipid: Guid; readonly refs: number; readonly iids: readonly Guid[] },
): Reply {
  const object = references.objectOf(query.ipid);
  if (object === undefined) return { hr: RPC_E_INVALID_OBJECT, value: undefined };
  const results = query.iids.map((iid): RemQiResult => {
    try {
      const std = references.export(object, iid, { refs: query.refs });
      const { flags, publicRefs, oxid, oid, ipid } = std;
      return { hResult: S_OK, std: { flags, cPublicRefs: publicRefs, oxid, oid, ipid } };
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
      const std = { flags: 0, cPublicRefs: 0, oxid: 0n, oid: 0n, ipid: GUID_NULL };
      return { hResult: hresult(error.hr), std };
    }
  });
  return { hr: S_OK, value: results };
}

/** Answers with packets, as CoMarshalInterface writes them: custom ones too. */
async function remQueryInterface2(
  object: Unknown,
  iids: readonly Guid[],
  marshaler: Marshals,
): Promise<Reply> {
  const results: HResult[] = [];
  const packets: (MInterfacePointer | null)[] = [];
  for (const iid of iids) {
    const { hr, pointer } = await object.query(iid);
    results.push(hr);
    packets.push(null);
    if (pointer === null || failed(hr)) continue;
    try {
      const abData = await marshaler.marshal(pointer, iid);
      packets[packets.length - 1] = { ulCntData: abData.length, abData };
    } catch (error) {
      if (!(error instanceof ComError)) throw error;
      results[results.length - 1] = error.hr;
    } finally {
      pointer.unknown.release();
    }
  }
  return { hr: S_OK, value: { phr: Uint32Array.from(results), ppMIF: packets } };
}
