import {
  asyncOf,
  BSTR,
  createConnectionPoints,
  defineInterface,
  DWORD,
  IConnectionPointContainer,
  IUnknown,
  method,
  param,
} from "callfactory";

// The server of the Platform SDK's COM\async sample: every call takes ten seconds, and no thread
// waits for them. Its clients hear a beep for each call that it has completed.

export const CLSID_Server = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c01";

export const ITest = defineInterface({
  name: "ITest",
  iid: "feb699ce-e786-11d1-a81e-0000f808342a",
  asyncIid: "213839c0-d5bc-11d2-b497-00600852b4ea",
  base: IUnknown,
  methods: [
    method("Test1", [param.inout("bstr", BSTR)]),
    method("Test2", [param.in("bstrIn", BSTR), param.out("bstrOut", BSTR)]),
  ],
});
export const AsyncITest = asyncOf(ITest);

export const AppEvents = defineInterface({
  name: "AppEvents",
  iid: "083986e1-ebfb-11d1-8fb7-006097da88f5",
  asyncIid: "223839c0-d5bc-11d2-b497-00600852b4ea",
  base: IUnknown,
  methods: [method("Beep", [param.in("dwTone", DWORD)])],
});

const WORK_MS = 10_000;

/** @typedef {import("callfactory").Host} Host */

/**
 * The class, for an STA ("Apartment": a timer of the apartment completes a call) or the MTA
 * ("Free": a worker thread does).
 *
 * @param {"Apartment" | "Free"} threadingModel
 * @param {(line: string) => void} say
 * @returns {import("callfactory").ServerClass<[typeof ITest, typeof IConnectionPointContainer]>}
 */
export function serverClass(threadingModel, say) {
  return {
    clsid: CLSID_Server,
    threadingModel,
    interfaces: [ITest, IConnectionPointContainer],
    create(host) {
      const points = createConnectionPoints(host.com, [AppEvents]);
      const beep = () => void points.of(AppEvents).post.Beep(0xffffffff);
      return {
        ...points.container,
        // Clients in the server's own apartment end up here; a stub never does (SRV-02).
        Test1: (text) => shout(text),
        Test2: (text) => shout(text),
        createCall(iface, call) {
          if (iface.syncOf !== ITest) return null;
          say(`server: CreateCall, in the ${host.com.apartment.toUpperCase()}`);
          return new TestCall(host, call, beep, say);
        },
      };
    },
  };
}

/** A server call object: Begin_ sets a timer, the timer signals, and COM calls Finish_. */
class TestCall {
  #text = "";

  /**
   * @param {Host} host
   * @param {import("callfactory").ServerCallObject} call
   * @param {() => void} beep
   * @param {(line: string) => void} say
   */
  constructor(host, call, beep, say) {
    this.host = host;
    this.call = call;
    this.beep = beep;
    this.say = say;
  }

  /** @param {string | null} text */
  Begin_Test1(text) {
    this.#begin("Test1", text);
  }

  Finish_Test1() {
    this.say("server: Finish_Test1");
    return this.#text;
  }

  /** @param {string | null} text */
  Begin_Test2(text) {
    this.#begin("Test2", text);
  }

  Finish_Test2() {
    this.say("server: Finish_Test2");
    return this.#text;
  }

  /**
   * @param {string} name
   * @param {string | null} text
   */
  #begin(name, text) {
    this.say(`server: Begin_${name}(${JSON.stringify(text)})`);
    this.host.setTimer(WORK_MS, () => {
      this.#text = shout(text);
      this.call.signal();
      this.beep();
    });
  }
}

/** @param {string | null} text */
function shout(text) {
  return `${(text ?? "").toUpperCase()}!`;
}
