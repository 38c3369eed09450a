import {
  asyncOf,
  defineInterface,
  type Interface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  param,
} from "callfactory";

/** What servers written for one test mostly implement; each test says what Work does. */
export const IWorker = defineInterface({
  name: "IWorker",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a601",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a602",
  base: IUnknown,
  methods: [method("Work", [param.in("value", LONG), param.retval("result", LONG)])],
});
export const AsyncIWorker = asyncOf(IWorker);

/** Another interface of the same servers: what a test does besides the call that it is about. */
export const IForeman = defineInterface({
  name: "IForeman",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a603",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a604",
  base: IUnknown,
  methods: [method("Order", [])],
});
export const AsyncIForeman = asyncOf(IForeman);

type Of<I> = I extends Interface<infer S> ? S : never;

/** A pointer to a worker. */
export type Worker = InterfacePointer<Of<typeof IWorker>>;

/** Something to wait for that the test itself lets happen. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** A gate, closed. */
export function gate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
