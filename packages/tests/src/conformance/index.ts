import type { ConformanceTest } from "../harness/define.ts";
import { call } from "./call.ts";
import { callAggregation } from "./call-aggregation.ts";
import { callObject } from "./call-object.ts";
import { callTraffic } from "./call-traffic.ts";
import { can } from "./can.ts";
import { disc } from "./disc.ts";
import { discAsyncForm } from "./disc-async-form.ts";
import { sync } from "./sync.ts";

/** All conformance tests, in the order of the catalogue. */
export const CONFORMANCE_TESTS: readonly ConformanceTest[] = [
  ...disc,
  ...discAsyncForm,
  ...call,
  ...callAggregation,
  ...callObject,
  ...callTraffic,
  ...sync,
  ...can,
];
