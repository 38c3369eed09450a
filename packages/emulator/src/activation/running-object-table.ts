import {
  CO_E_OBJNOTCONNECTED,
  ComError,
  E_INVALIDARG,
  type HResult,
  IROTData,
  IUnknown,
  type Method,
  MK_E_UNAVAILABLE,
  MK_S_MONIKERALREADYREGISTERED,
  MSHCTX_LOCAL,
  MSHLFLAGS_TABLESTRONG,
  MSHLFLAGS_TABLEWEAK,
  ROTFLAGS_REGISTRATIONKEEPSALIVE,
  S_FALSE,
  S_OK,
} from "@callfactory/core";
import type { CallContext } from "../apartment/apartment.ts";
import { KeptPointer } from "../marshal/kept-pointer.ts";
import type { Marshaler } from "../marshal/marshaler.ts";
import type { Pointer } from "../object/com-object.ts";
import { ItemMoniker, keyOf } from "./item-moniker.ts";

const GET_COMPARISON_DATA = IROTData.members.get("GetComparisonData") as Method;
const MOST_COMPARISON_BYTES = 2048;

/** FILETIME: when something changed. */
export interface FileTime {
  readonly dwLowDateTime: number;
  readonly dwHighDateTime: number;
}

/** What is asked to be registered. */
export interface RotRequest {
  readonly object: Pointer;
  readonly moniker: Pointer;
  /** ROTFLAGS_*. */
  readonly flags: number;
}

interface Entry {
  readonly key: string;
  readonly kept: KeptPointer;
  /** A moniker that is at home everywhere, with a reference; `null` for one that is not. */
  readonly moniker: Pointer | null;
  readonly owner: Marshaler;
  changed: FileTime;
}

/**
 * The running object table: the objects of all processes of the machine that can be found by
 * moniker. A strong registration keeps its object alive, a weak one lasts no longer than it.
 */
export class RunningObjectTable {
  readonly #entries = new Map<number, Entry>();
  /** Cookies of equal monikers, in the order of registration. */
  readonly #byKey = new Map<string, Set<number>>();
  #lastCookie = 0;

  /** Registers an object; S_OK, or MK_S_MONIKERALREADYREGISTERED when the moniker names another one too. */
  async register(
    home: Marshaler,
    { object, moniker, flags }: RotRequest,
    context: CallContext,
  ): Promise<{ readonly hr: HResult; readonly cookie: number }> {
    const key = await comparisonKey(moniker, context);
    const isStrong = (flags & ROTFLAGS_REGISTRATIONKEEPSALIVE) !== 0;
    const kept = await KeptPointer.of(home, object, IUnknown.iid, {
      flags: isStrong ? MSHLFLAGS_TABLESTRONG : MSHLFLAGS_TABLEWEAK,
      context: MSHCTX_LOCAL,
    });
    const isKnown = this.#byKey.has(key);
    const cookie = ++this.#lastCookie;
    const agile = moniker.unknown.apartment === null ? moniker : null;
    agile?.unknown.addRef();
    const changed = { dwLowDateTime: 0, dwHighDateTime: 0 };
    this.#entries.set(cookie, { key, kept, moniker: agile, owner: home, changed });
    this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(cookie));
    return { hr: isKnown ? MK_S_MONIKERALREADYREGISTERED : S_OK, cookie };
  }

  async revoke(cookie: number): Promise<HResult> {
    const entry = this.#entries.get(cookie);
    if (entry === undefined) return E_INVALIDARG;
    this.#entries.delete(cookie);
    const equals = this.#byKey.get(entry.key);
    equals?.delete(cookie);
    if (equals?.size === 0) this.#byKey.delete(entry.key);
    entry.moniker?.unknown.release();
    await entry.kept.release();
    return S_OK;
  }

  /** S_OK when an object of that name is registered and still there, else S_FALSE. */
  async isRunning(here: Marshaler, moniker: Pointer, context: CallContext): Promise<HResult> {
    const object = await this.object(here, moniker, context);
    object?.unknown.release();
    return object === null ? S_FALSE : S_OK;
  }

  /** The object of a name, with a reference; `null` when there is none. */
  async object(here: Marshaler, moniker: Pointer, context: CallContext): Promise<Pointer | null> {
    for (const [cookie, { kept }] of this.#find(await comparisonKey(moniker, context))) {
      try {
        return await kept.resolve(here, IUnknown.iid);
      } catch (error) {
        // Whether the caller can have the object says nothing of who is registered.
        if (!(error instanceof ComError) || error.hr !== CO_E_OBJNOTCONNECTED) throw error;
        // The object of a weak registration has gone, or its apartment.
        await this.revoke(cookie);
      }
    }
    return null;
  }

  noteChange(cookie: number, changed: FileTime): HResult {
    const entry = this.#entries.get(cookie);
    if (entry === undefined) return E_INVALIDARG;
    entry.changed = changed;
    return S_OK;
  }

  async changed(moniker: Pointer, context: CallContext): Promise<FileTime> {
    const [found] = this.#find(await comparisonKey(moniker, context));
    if (found === undefined) throw new ComError(MK_E_UNAVAILABLE, "IRunningObjectTable");
    return found[1].changed;
  }

  /** The monikers that can be given to anyone, borrowed. */
  monikers(): Pointer[] {
    return [...this.#entries.values()].flatMap(({ moniker }) => moniker ?? []);
  }

  /** An apartment has ended: what it registered goes. */
  forget(owner: Marshaler): void {
    for (const [cookie, entry] of this.#entries) {
      if (entry.owner === owner) void this.revoke(cookie);
    }
  }

  #find(key: string): [number, Entry][] {
    const cookies = [...(this.#byKey.get(key) ?? [])];
    return cookies.map((cookie) => [cookie, this.#entries.get(cookie) as Entry]);
  }
}

/** @throws ComError when the moniker has no IROTData: the table could not compare it. */
async function comparisonKey(moniker: Pointer, context: CallContext): Promise<string> {
  if (moniker.unknown instanceof ItemMoniker) return keyOf(moniker.unknown.comparisonData);
  const { pointer } = await moniker.unknown.query(IROTData.iid);
  if (pointer === null) throw new ComError(E_INVALIDARG, "IRunningObjectTable");
  const { hr, value } = await pointer.invoke(GET_COMPARISON_DATA, [MOST_COMPARISON_BYTES], context);
  pointer.unknown.release();
  if (hr !== S_OK) throw new ComError(hr, GET_COMPARISON_DATA.qualifiedName);
  return keyOf(value as Uint8Array);
}
