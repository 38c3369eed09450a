import { asyncOf, defineInterface, IUnknown, LONG, method, param } from "callfactory";

// The server of the Platform SDK's COM\Fundamentals\AsyncCalls sample: IFullServ::Sum is served by
// call objects and a thread pool, ISample::Work by a synchronous method that sleeps.

export const IFullServ = defineInterface({
  name: "IFullServ",
  iid: "d3140112-d43f-4718-9119-ef62d631f2ab",
  asyncIid: "d3140113-d43f-4718-9119-ef62d631f2ab",
  base: IUnknown,
  methods: [method("Sum", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)])],
});
export const AsyncIFullServ = asyncOf(IFullServ);

export const ISample = defineInterface({
  name: "ISample",
  iid: "d3140114-d43f-4718-9119-ef62d631f2ab",
  asyncIid: "d3140115-d43f-4718-9119-ef62d631f2ab",
  base: IUnknown,
  methods: [method("Work", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)])],
});
export const AsyncISample = asyncOf(ISample);

export const CLSID_FullServ = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c02";

const WORK_MS = 2000;

/**
 * @param {(line: string) => void} [say]
 * @returns {import("callfactory").ServerClass<[typeof IFullServ, typeof ISample]>}
 */
export function fullServClass(say = () => {}) {
  return {
    clsid: CLSID_FullServ,
    threadingModel: "Apartment",
    interfaces: [IFullServ, ISample],
    create: ({ sleep, setTimer }) => ({
      async Sum(a, b) {
        say("server: Sum, the synchronous method");
        await sleep(WORK_MS);
        return a + b;
      },
      async Work(a, b) {
        say("server: Work, the synchronous method");
        await sleep(WORK_MS);
        return a + b;
      },
      createCall(iface, call) {
        // For ISample there is none: the stub falls back to the method (SRV-01).
        if (iface.syncOf !== IFullServ) return null;
        let sum = 0;
        return {
          /**
           * @param {number} a
           * @param {number} b
           */
          Begin_Sum(a, b) {
            say("server: Begin_Sum, and the STA is free again");
            setTimer(WORK_MS, () => {
              sum = a + b;
              call.signal();
            });
          },
          Finish_Sum: () => sum,
        };
      },
    }),
  };
}
