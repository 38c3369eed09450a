import {
  E_INVALIDARG,
  type Guid,
  IMarshal,
  MK_E_UNAVAILABLE,
  MSHCTX_INPROC,
  MSHLFLAGS_NORMAL,
  ROTFLAGS_REGISTRATIONKEEPSALIVE,
  S_OK,
} from "@callfactory/core";
import { AgileReference } from "../activation/agile-reference.ts";
import { ItemMoniker } from "../activation/item-moniker.ts";
import { type Caller, callingThread } from "../caller.ts";
import { KeptPointer } from "../marshal/kept-pointer.ts";
import { ProxyManager } from "../marshal/proxy-manager.ts";
import { createStandardMarshal } from "../marshal/standard-marshal.ts";
import type { Pointer } from "../object/com-object.ts";
import { MemoryStream } from "../stream/memory-stream.ts";
import { readPacket, rewind, writeStream } from "../stream/stream-io.ts";
import { type ComFunctionGroup, reply } from "./com-function.ts";

const RO_OPTIONS = 1;

/** CoMarshalInterface and its kin (MAR-01 to MAR-08). */
const marshalFunctions: ComFunctionGroup = {
  CreateStreamOnHGlobal: ({ process }) =>
    reply(S_OK, new MemoryStream(process.services.ledger).pointer),

  CoMarshalInterface: async (caller, args) => {
    const [stream, riid, pointer, context, flags] = args as MarshalArgs;
    if (stream === null || pointer === null) return reply(E_INVALIDARG);
    const packet = await caller.entry.marshaler.marshal(pointer, riid, { context, flags });
    await writeStream(stream, packet, contextOf(caller));
    return reply(S_OK);
  },

  CoUnmarshalInterface: async (caller, args) => {
    const [stream, riid] = args as [Pointer | null, Guid];
    if (stream === null) return reply(E_INVALIDARG);
    const packet = await readPacket(stream, contextOf(caller));
    return reply(S_OK, await caller.entry.marshaler.unmarshalAs(packet, riid));
  },

  CoReleaseMarshalData: async (caller, args) => {
    const stream = args[0] as Pointer | null;
    if (stream === null) return reply(E_INVALIDARG);
    await caller.entry.marshaler.releaseMarshalData(await readPacket(stream, contextOf(caller)));
    return reply(S_OK);
  },

  CoGetMarshalSizeMax: async (caller, args) => {
    const [riid, pointer, context, flags] = args as [Guid, Pointer | null, number, number];
    if (pointer === null) return reply(E_INVALIDARG);
    return reply(S_OK, await caller.entry.marshaler.sizeMax(pointer, riid, context, flags));
  },

  CoGetStandardMarshal: (caller, args) => {
    const [, pointer] = args as [Guid, Pointer | null];
    const { entry, process } = caller;
    const object = createStandardMarshal(entry.marshaler.standard, {
      object: pointer?.unknown ?? null,
      apartment: entry.apartment,
      ledger: process.services.ledger,
    });
    return reply(S_OK, object.exposed(IMarshal.iid));
  },

  CoMarshalInterThreadInterfaceInStream: async (caller, args) => {
    const [riid, pointer] = args as [Guid, Pointer | null];
    const stream = new MemoryStream(caller.process.services.ledger);
    // An empty stream stands for NULL (MAR-08).
    if (pointer === null) return reply(S_OK, stream.pointer);
    const options = { context: MSHCTX_INPROC, flags: MSHLFLAGS_NORMAL };
    try {
      const packet = await caller.entry.marshaler.marshal(pointer, riid, options);
      await writeStream(stream.pointer, packet, contextOf(caller));
      await rewind(stream.pointer, contextOf(caller));
    } catch (error) {
      stream.release();
      throw error;
    }
    return reply(S_OK, stream.pointer);
  },

  /** The stream itself is released by whoever called, also when this fails (MAR-08). */
  CoGetInterfaceAndReleaseStream: async (caller, args) => {
    const [stream, iid] = args as [Pointer | null, Guid];
    if (stream === null) return reply(E_INVALIDARG);
    if (stream.unknown instanceof MemoryStream && stream.unknown.contents().length === 0) {
      return reply(S_OK, null);
    }
    const packet = await readPacket(stream, contextOf(caller));
    return reply(S_OK, await caller.entry.marshaler.unmarshalAs(packet, iid));
  },
};

/** Lifetime of objects and their connections. */
const lifetimeFunctions: ComFunctionGroup = {
  CoLockObjectExternal: ({ entry }, args) => {
    const [pointer, isLock, lastUnlockReleases] = args as [Pointer | null, boolean, boolean];
    // Only the process of the object can keep it alive for others.
    if (pointer === null || pointer.unknown instanceof ProxyManager) return reply(E_INVALIDARG);
    entry.marshaler.exporter.lock(pointer.unknown, isLock, lastUnlockReleases);
    return reply(S_OK);
  },

  CoDisconnectObject: async ({ entry }, args) => {
    const pointer = args[0] as Pointer | null;
    if (pointer === null) return reply(E_INVALIDARG);
    // For the object's owner alone: a proxy has nobody to disconnect (LIFE-02).
    if (!(pointer.unknown instanceof ProxyManager))
      await entry.marshaler.disconnect(pointer.unknown);
    return reply(S_OK);
  },

  CoRegisterChannelHook: ({ process }, args) => {
    const [extension, hook] = args as [Guid, Pointer | null];
    process.services.hooks.register(extension, hook);
    return reply(S_OK);
  },

  CoIsHandlerConnected: ({ entry }, args) => {
    const unknown = (args[0] as Pointer | null)?.unknown;
    if (unknown === undefined) return reply(E_INVALIDARG);
    const { standard } = entry.marshaler;
    return reply(S_OK, !(unknown instanceof ProxyManager) || standard.isConnected(unknown));
  },

  RoGetAgileReference: async (caller, args) => {
    const [options, riid, pointer] = args as [number, Guid, Pointer | null];
    if (pointer === null || options > RO_OPTIONS) return reply(E_INVALIDARG);
    const kept = await KeptPointer.of(caller.entry.marshaler, pointer, riid);
    const { process } = caller;
    const reference = new AgileReference(kept, process.marshalerOf, process.services.ledger);
    return reply(S_OK, reference.pointer);
  },
};

/** The running object table. */
const runningFunctions: ComFunctionGroup = {
  GetRunningObjectTable: ({ process }) => {
    const { pointer } = process.runningObjects;
    pointer.unknown.addRef();
    return reply(S_OK, pointer);
  },

  CreateItemMoniker: ({ process }, args) => {
    const [delimiter, item] = args as [string | null, string | null];
    if (item === null) return reply(E_INVALIDARG);
    const moniker = new ItemMoniker(`${delimiter ?? ""}${item}`, process.services.ledger);
    return reply(S_OK, moniker.pointer);
  },

  RegisterActiveObject: async (caller, args) => {
    const [object, clsid, weak] = args as [Pointer | null, Guid, number];
    if (object === null) return reply(E_INVALIDARG);
    const { process, entry } = caller;
    return withClassMoniker(caller, clsid, async (moniker) => {
      const flags = weak === 0 ? ROTFLAGS_REGISTRATIONKEEPSALIVE : 0;
      const request = { object, moniker, flags };
      const context = contextOf(caller);
      const { hr, cookie } = await process.rot.register(entry.marshaler, request, context);
      return reply(hr, cookie);
    });
  },

  RevokeActiveObject: async ({ process }, args) =>
    reply(await process.rot.revoke(args[0] as number)),

  GetActiveObject: (caller, args) =>
    withClassMoniker(caller, args[0] as Guid, async (moniker) => {
      const { process, entry } = caller;
      const object = await process.rot.object(entry.marshaler, moniker, contextOf(caller));
      return object === null ? reply(MK_E_UNAVAILABLE) : reply(S_OK, object);
    }),
};

/** Functions that work on objects. */
export const objectFunctions: ComFunctionGroup = {
  ...marshalFunctions,
  ...lifetimeFunctions,
  ...runningFunctions,
};

type MarshalArgs = [Pointer | null, Guid, Pointer | null, number, number];

function contextOf(caller: Caller) {
  return callingThread(caller).direct;
}

/** Works with the moniker by which the object of a class is found. */
async function withClassMoniker<T>(
  { process }: Caller,
  clsid: Guid,
  work: (moniker: Pointer) => Promise<T>,
): Promise<T> {
  const moniker = new ItemMoniker(`!{${clsid}}`, process.services.ledger);
  try {
    return await work(moniker.pointer);
  } finally {
    moniker.release();
  }
}
