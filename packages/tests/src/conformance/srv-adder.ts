import {
  asyncOf,
  defineInterface,
  type ImplementationOf,
  IUnknown,
  LONG,
  method,
  param,
  type ServerCallObject,
} from "callfactory";

/** The smallest interface with an asynchronous form. */
export const IAdder = defineInterface({
  name: "IAdder",
  iid: "5a0fd2c1-6f0e-4a1e-9e37-6f6f2a3c1b10",
  asyncIid: "5a0fd2c1-6f0e-4a1e-9e37-6f6f2a3c1b11",
  base: IUnknown,
  methods: [method("Add", [param.in("a", LONG), param.in("b", LONG), param.retval("sum", LONG)])],
});

export const AsyncIAdder = asyncOf(IAdder);

/** The two halves of Add, and the word of the last reference's release. */
export interface AdderCall {
  Begin_Add(a: number, b: number): void | Promise<void>;
  Finish_Add(): number | Promise<number>;
  finalRelease?(): void;
}

/** What a server of {@link IAdder} has to say for itself. */
export interface AdderOptions {
  /** The synchronous method; a + b unless said otherwise. */
  readonly add?: (a: number, b: number) => number | Promise<number>;
  /** What the object's factory makes; `null`: nothing for this caller. */
  readonly createCall?: (
    call: ServerCallObject,
    request: { readonly aggregated: boolean; readonly riid2: string },
  ) => AdderCall | null;
  readonly finalRelease?: () => void;
}

/** A server of {@link IAdder}; with a call factory of its own if `createCall` is given. */
export function adder(options: AdderOptions): ImplementationOf<readonly [typeof IAdder]> {
  const { createCall, finalRelease } = options;
  return {
    Add: options.add ?? ((a, b) => a + b),
    ...(finalRelease && { finalRelease }),
    ...(createCall && {
      createCall: (_iface, call, request) => createCall(call, request),
    }),
  };
}

/** A call object that adds; `begun` runs in Begin_ and sees to it that the call is signaled. */
export function addingCall(begun: () => void | Promise<void>): AdderCall {
  let sum = 0;
  return {
    Begin_Add: (a, b) => {
      sum = a + b;
      return begun();
    },
    Finish_Add: () => sum,
  };
}
