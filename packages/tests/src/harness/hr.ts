import assert from "node:assert/strict";
import { ComError, type HResult, hresultName } from "callfactory";

/** The HRESULT that `call` fails with; S_OK when it does not fail. */
export async function hrOf(call: Promise<unknown>): Promise<HResult> {
  try {
    await call;
    return 0 as HResult;
  } catch (error) {
    if (error instanceof ComError) return error.hr;
    throw error;
  }
}

/** Asserts that `call` fails with exactly `expected`. */
export async function assertFails(call: Promise<unknown>, expected: HResult): Promise<void> {
  assert.equal(hresultName(await hrOf(call)), hresultName(expected));
}
