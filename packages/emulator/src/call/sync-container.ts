import {
  type Awaitable,
  COWAIT_WAITALL,
  E_HANDLE,
  E_INVALIDARG,
  failed,
  type HResult,
  ISynchronizeContainer,
  ISynchronizeHandle,
  type Method,
  type Reply,
  RPC_E_NO_SYNC,
  RPC_E_OUT_OF_RESOURCES,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { chain } from "../object/awaitable.ts";
import { ComObject, type Pointer } from "../object/com-object.ts";
import type { ProcessServices } from "../process-services.ts";
import { coWait } from "../wait/co-wait.ts";
import type { SignalState } from "../wait/signal-state.ts";
import { KNOWN_WAIT_FLAGS } from "./sync-event.ts";

/** How many objects a container takes (SYNC-17). */
const MAX_OBJECTS = 63;

const GET_HANDLE = ISynchronizeHandle.members.get("GetHandle") as Method;

/** An object to be waited for; one reference to its ISynchronize is the container's. */
interface Member {
  readonly synchronize: Pointer;
  readonly handle: bigint;
}

/** CLSID_SynchronizeContainer: waits for any of the synchronization objects in it (SYNC-18). */
export class SyncContainer extends ComObject {
  readonly #services: ProcessServices;
  readonly #members: Member[] = [];

  constructor(services: ProcessServices) {
    super({ apartment: null, ledger: services.ledger, kind: "object" });
    this.#services = services;
    this.expose(ISynchronizeContainer, (method, args, context) =>
      method.name === "AddSynchronize"
        ? this.#add(args[0] as Pointer | null, context)
        : this.#waitMultiple(args[0] as number, args[1] as number, context),
    );
  }

  protected override finalRelease(): void {
    for (const { synchronize } of this.#members.splice(0)) synchronize.unknown.release();
  }

  /** Takes what has a handle; anything else could not be waited for (SYNC-22). */
  #add(synchronize: Pointer | null, context: CallContext): Awaitable<Reply> {
    if (synchronize === null) return result(E_INVALIDARG);
    if (this.#members.length >= MAX_OBJECTS) return result(RPC_E_OUT_OF_RESOURCES);
    return chain(synchronize.unknown.query(ISynchronizeHandle.iid), ({ hr, pointer }) => {
      if (pointer === null) return result(hr);
      return chain(pointer.invoke(GET_HANDLE, [], context), (reply) => {
        pointer.unknown.release();
        if (failed(reply.hr)) return result(reply.hr);
        synchronize.unknown.addRef();
        this.#members.push({ synchronize, handle: reply.value as bigint });
        return result(S_OK);
      });
    });
  }

  #waitMultiple(flags: number, timeoutMs: number, { thread }: CallContext): Awaitable<Reply> {
    const isKnown = (flags & ~KNOWN_WAIT_FLAGS) === 0;
    if (!isKnown || (flags & COWAIT_WAITALL) !== 0) return result(E_INVALIDARG);
    if (this.#members.length === 0) return result(RPC_E_NO_SYNC);
    // What is added meanwhile is not waited for this time.
    const members = [...this.#members];
    const events = members.map(({ handle }) => this.#services.handles.find(handle));
    if (!events.every((event): event is SignalState => event !== undefined)) {
      return result(E_HANDLE);
    }
    const services = this.#services;
    const waiting = coWait(events, { services, thread, flags, timeoutMs });
    return chain(waiting, (reply) => {
      if (failed(reply.hr)) return reply;
      const member = members[reply.value as number];
      const place = member === undefined ? -1 : this.#members.indexOf(member);
      // Ended by a procedure call: nothing is signaled. Or somebody else's wait took it.
      if (member === undefined || place < 0) return { hr: reply.hr, value: null };
      // It leaves the container, whose reference is the caller's from now on (SYNC-21).
      this.#members.splice(place, 1);
      return { hr: S_OK, value: member.synchronize };
    });
  }
}

function result(hr: HResult): Reply {
  return { hr, value: undefined };
}
