import { asyncOf, defineInterface, IUnknown, method } from "callfactory";

// The interfaces of the Platform SDK's COM\Fundamentals\DCom\TimeOuts sample, and two servers: one
// that works for long, and one that hangs.

export const ILongCall = defineInterface({
  name: "ILongCall",
  iid: "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c11",
  asyncIid: "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c12",
  base: IUnknown,
  methods: [method("LongCall", [])],
});
export const AsyncILongCall = asyncOf(ILongCall);

export const IPingResponder = defineInterface({
  name: "IPingResponder",
  iid: "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c13",
  asyncIid: "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c14",
  base: IUnknown,
  methods: [method("Ping", [])],
});
export const AsyncIPingResponder = asyncOf(IPingResponder);

export const CLSID_Diligent = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c03";
export const CLSID_Hung = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c04";

/** How long LongCall takes, and how long the hung server hangs. */
const WORK_MS = 11_000;
const HANG_MS = 15_000;

/** @typedef {import("callfactory").ServerClass<[typeof ILongCall, typeof IPingResponder]>} PingClass */

/**
 * Works for eleven seconds, by a call object: its STA goes on answering pings.
 *
 * @type {PingClass}
 */
export const diligentClass = {
  clsid: CLSID_Diligent,
  threadingModel: "Apartment",
  interfaces: [ILongCall, IPingResponder],
  create: ({ sleep, setTimer }) => ({
    LongCall: () => sleep(WORK_MS),
    Ping: () => {},
    createCall: (iface, call) =>
      iface.syncOf === ILongCall
        ? {
            Begin_LongCall: () => void setTimer(WORK_MS, () => call.signal()),
            Finish_LongCall: () => {},
          }
        : null,
  }),
};

/**
 * Hangs: its STA runs one call and nothing else meanwhile.
 *
 * @type {PingClass}
 */
export const hungClass = {
  clsid: CLSID_Hung,
  threadingModel: "Apartment",
  interfaces: [ILongCall, IPingResponder],
  create: ({ sleep }) => ({ LongCall: () => sleep(HANG_MS), Ping: () => {} }),
};
