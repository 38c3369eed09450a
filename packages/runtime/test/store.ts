import { createEmulator } from "@callfactory/emulator";
import {
  BSTR,
  CURRENCY,
  DATE,
  DECIMAL,
  defineInterface,
  type Implementation,
  IUnknown,
  method,
  type MethodsOf,
  openCom,
  param,
  pointerTo,
  SAFEARRAY,
  type TraceEvent,
  VARIANT,
} from "../src/index.ts";

const METHODS = [
  method("Change", [param.inout("value", VARIANT)]),
  method("Echo", [param.in("value", VARIANT), param.retval("echo", VARIANT)]),
  method("Sort", [param.in("names", SAFEARRAY(BSTR)), param.retval("sorted", SAFEARRAY(BSTR))]),
  method("Add", [
    param.in("price", CURRENCY),
    param.in("rate", DECIMAL),
    param.in("day", DATE),
    param.out("sum", CURRENCY),
    param.out("next", DATE),
  ]),
  method("Objects", [param.retval("objects", SAFEARRAY(pointerTo(IUnknown)))]),
] as const;

/** Values of OLE Automation in every direction. */
export const IStore = defineInterface({
  name: "IStore",
  iid: "cccccccc-2222-4333-8444-555555555551",
  asyncIid: "cccccccc-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: METHODS,
});
export type Store = MethodsOf<typeof METHODS>;

const CLSID_Store = "cccccccc-2222-4333-8444-555555555550";

/** COM on virtual time with a store in another apartment, so that all calls are marshaled. */
export async function openStore(methods: Partial<Implementation<Store>>) {
  const emulator = createEmulator({ clock: "virtual" });
  const com = await openCom({ backend: emulator });
  const store: Implementation<Store> = {
    Change: (value) => value,
    Echo: (value) => value,
    Sort: (names) => names,
    Add: (price, _rate, day) => ({ sum: price, next: day }),
    Objects: () => [],
    ...methods,
  };
  com.registerClass({
    clsid: CLSID_Store,
    threadingModel: "Apartment",
    interfaces: [IStore],
    create: () => store,
  });
  const packets: TraceEvent[] = [];
  com.trace((event) => {
    if (event.kind === "packet") packets.push(event);
  });
  const pointer = await com.createInstance(CLSID_Store, IStore);
  /** Lets references travel back; what is alive then, once the store is released. */
  const leave = async (): Promise<object> => {
    pointer.release();
    await emulator.fence();
    return emulator.openReferences();
  };
  return { com, store: pointer, packets, leave, fence: () => emulator.fence() };
}
