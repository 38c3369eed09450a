import {
  ComError,
  defineInterface,
  IUnknown,
  method,
  param,
  RPC_E_CALL_CANCELED,
  ULONG,
} from "callfactory";

// The server of the Platform SDK's COM\Fundamentals\DCom\Cancel sample: its method takes long, and
// asks now and then whether anybody still wants the result.

export const IWorker = defineInterface({
  name: "IWorker",
  iid: "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c21",
  base: IUnknown,
  methods: [method("Work", [param.in("seconds", ULONG)])],
});

export const CLSID_Worker = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c22";
export const CLSID_SlowBirth = "0c2f1e59-5f6b-4c6a-9a53-6f3f5d9e7c23";

const POLL_MS = 500;
const BIRTH_MS = 5000;

/** @typedef {import("callfactory").ServerClass<[typeof IWorker]>} WorkerClass */
/** @typedef {"Apartment" | "Free" | "Both" | undefined} ThreadingModel */

/**
 * @param {ThreadingModel} threadingModel
 * @param {(line: string) => void} say
 * @returns {WorkerClass}
 */
export function workerClass(threadingModel, say) {
  return {
    clsid: CLSID_Worker,
    ...(threadingModel === undefined ? {} : { threadingModel }),
    interfaces: [IWorker],
    create: ({ sleep }) => ({
      async Work(seconds, { com }) {
        for (let ms = 0; ms < seconds * 1000; ms += POLL_MS) {
          if (await isCanceled(com)) {
            say("server:   CoTestCancel: RPC_E_CALL_CANCELED");
            throw new ComError(RPC_E_CALL_CANCELED, "IWorker::Work");
          }
          await sleep(POLL_MS);
        }
      },
    }),
  };
}

/**
 * A class whose objects take long to create.
 *
 * @param {ThreadingModel} threadingModel
 * @returns {WorkerClass}
 */
export function slowBirthClass(threadingModel) {
  return {
    clsid: CLSID_SlowBirth,
    ...(threadingModel === undefined ? {} : { threadingModel }),
    interfaces: [IWorker],
    async create({ sleep }) {
      await sleep(BIRTH_MS);
      return { Work: () => {} };
    },
  };
}

/**
 * CoTestCancel has failure codes only: RPC_S_CALLPENDING as long as the call is wanted.
 *
 * @param {import("callfactory").Com} com COM as the call's thread sees it.
 */
async function isCanceled(com) {
  try {
    await com.functions.CoTestCancel();
    return false;
  } catch (error) {
    return error instanceof ComError && error.hr === RPC_E_CALL_CANCELED;
  }
}
