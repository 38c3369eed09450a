import {
  array,
  DOUBLE,
  defineInterface,
  IUnknown,
  LONG,
  LPWSTR,
  type Method,
  method,
  param,
  ref,
  struct,
  ULONG,
  unique,
} from "@callfactory/core";

const POINT = struct("POINT3", { index: LONG, weight: DOUBLE });

/** Two ints, a string, doubles, a nested struct and a pointer: what messages are made of. */
const SAMPLE = struct("SAMPLE", {
  id: LONG,
  kind: LONG,
  name: LPWSTR,
  count: ULONG,
  values: unique(array(DOUBLE, { sizeIs: "count" })),
  nested: POINT,
  next: unique(POINT),
});

const ISample = defineInterface({
  name: "ISample",
  iid: "77777777-2222-4333-8444-555555555551",
  base: IUnknown,
  methods: [method("Send", [param.in("sample", ref(SAMPLE))])],
});

/** The method whose request is measured. */
export const SEND: Method = ISample.members.get("Send") as Method;

/** The JavaScript value of a SAMPLE. */
export interface Sample {
  readonly id: number;
  readonly kind: number;
  readonly name: string;
  readonly count: number;
  readonly values: Float64Array;
  readonly nested: Point;
  readonly next: Point | null;
}

/** The JavaScript value of a POINT3. */
export interface Point {
  readonly index: number;
  readonly weight: number;
}

/** A sample with `count` doubles; each call gives an object of its own. */
export function makeSample(count: number): Sample {
  return {
    id: 7,
    kind: -3,
    name: "thirty-two characters of a name.",
    count,
    values: Float64Array.from({ length: count }, (_, i) => i * 1.25),
    nested: { index: 1, weight: 2.5 },
    next: { index: 2, weight: 0.125 },
  };
}
