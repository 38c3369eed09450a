import type { ConformanceTest } from "../harness/define.ts";
import { can } from "./can.ts";

/** All conformance tests, in the order of the catalogue. */
export const CONFORMANCE_TESTS: readonly ConformanceTest[] = [...can];
