import {
  ComError,
  IStream,
  ISequentialStream,
  type Method,
  RPC_E_INVALID_OBJREF,
  STG_E_READFAULT,
  throwIfFailed,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import type { Pointer } from "../object/com-object.ts";

const READ = ISequentialStream.members.get("Read") as Method;
const WRITE = ISequentialStream.members.get("Write") as Method;
const SEEK = IStream.members.get("Seek") as Method;

/** Writes all of `bytes` where the stream stands. */
export async function writeStream(
  stream: Pointer,
  bytes: Uint8Array,
  context: CallContext,
): Promise<void> {
  const { hr } = await stream.invoke(WRITE, [bytes, bytes.length], context);
  throwIfFailed(hr, WRITE.qualifiedName);
}

/**
 * Reads exactly `count` bytes from where the stream stands.
 *
 * @throws ComError STG_E_READFAULT when there are fewer.
 */
export async function readStream(
  stream: Pointer,
  count: number,
  context: CallContext,
): Promise<Uint8Array> {
  const { hr, value } = await stream.invoke(READ, [count], context);
  throwIfFailed(hr, READ.qualifiedName);
  const bytes = value as Uint8Array;
  if (bytes.length === count) return bytes;
  throw new ComError(STG_E_READFAULT, READ.qualifiedName, {
    detail: `${count} bytes expected, ${bytes.length} left`,
  });
}

/** Moves the seek pointer to the start. */
export async function rewind(stream: Pointer, context: CallContext): Promise<void> {
  const { hr } = await stream.invoke(SEEK, [0n, 0], context);
  throwIfFailed(hr, SEEK.qualifiedName);
}

/** Signature, flags and IID. */
const HEADER_BYTES = 24;
const STD_BYTES = 40;
const CLSID_BYTES = 16;

/**
 * Reads one OBJREF from where the stream stands, and not a byte more (MAR-05).
 *
 * @throws ComError STG_E_READFAULT, RPC_E_INVALID_OBJREF.
 */
export async function readPacket(stream: Pointer, context: CallContext): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const read = async (count: number): Promise<DataView> => {
    const bytes = await readStream(stream, count, context);
    parts.push(bytes);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  };
  const readBindings = async (): Promise<void> => {
    const entries = (await read(4)).getUint16(0, true);
    await read(entries * 2);
  };
  const flags = (await read(HEADER_BYTES)).getUint32(4, true);
  switch (flags) {
    case 1:
      await read(STD_BYTES);
      await readBindings();
      break;
    case 2:
      await read(STD_BYTES + CLSID_BYTES);
      await readBindings();
      break;
    case 4: {
      // The CLSID, cbExtension, and how many bytes the object wrote.
      const custom = await read(CLSID_BYTES + 8);
      await read(custom.getUint32(CLSID_BYTES + 4, true));
      break;
    }
    case 8: {
      await read(STD_BYTES + 4);
      await readBindings();
      // The number of elements and a signature; of the one element its id, size and rounded size.
      const element = await read(8 + CLSID_BYTES + 8);
      await read(element.getUint32(8 + CLSID_BYTES + 4, true));
      break;
    }
    default:
      throw new ComError(RPC_E_INVALID_OBJREF, "CoUnmarshalInterface");
  }
  return join(parts);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
