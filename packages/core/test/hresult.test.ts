import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as core from "../src/index.ts";
import {
  failed,
  type HResult,
  hresult,
  hresultFromWin32,
  hresultName,
  RPC_S_CALLPENDING,
  S_FALSE,
  S_OK,
  succeeded,
} from "../src/index.ts";
import { WINERROR } from "./winerror.ts";

const exported = core as unknown as Readonly<Record<string, unknown>>;

describe("HRESULT constants", () => {
  test.each(WINERROR)("%s has the value of winerror.h", (name, value) => {
    expect(exported[name]).toBe(value);
  });

  test.each(WINERROR)("%s is what hresultName calls its value", (name, value) => {
    expect(hresultName(value as HResult)).toBe(name);
  });

  test("there are no others", () => {
    const looksLikeHresult =
      /^(S|E|CO_[ES]|RPC_[ES]|STG_E|MK_[ES]|CLASS_E|DISP_E|CONNECT_E|REGDB_E|HRESULT_RPC_S|HRESULT_ERROR)_/;
    const names = Object.keys(core).filter((name) => looksLikeHresult.test(name));

    expect(names.sort()).toEqual(WINERROR.map(([name]) => name).sort());
  });

  test.each([
    "RPC_E_CALL_PENDING",
    "RPC_E_CALLPENDING",
    "RPC_S_CALL_CANCELED",
    "RPC_E_CALL_CANCELLED",
    "RPC_E_CALLCANCELED",
  ])("%s, which documents mention and winerror.h lacks, is not exported", (ghost) => {
    expect(exported).not.toHaveProperty(ghost);
  });
});

describe("hresult", () => {
  test.each([
    [-2147417835, 0x80010115],
    [0x80010115, 0x80010115],
    [-1, 0xffffffff],
    [0, 0],
  ])("makes %d the unsigned %d", (bits, expected) => {
    expect(hresult(bits)).toBe(expected);
  });

  test("a value and its signed form are one HRESULT", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (bits) => {
        expect(hresult(bits | 0)).toBe(bits);
      }),
    );
  });
});

describe("severity", () => {
  test("SYNC-03 RPC_S_CALLPENDING is a failure, whatever its letter says", () => {
    expect([succeeded(RPC_S_CALLPENDING), failed(RPC_S_CALLPENDING)]).toEqual([false, true]);
  });

  test("S_FALSE is a success", () => {
    expect(succeeded(S_FALSE)).toBe(true);
  });

  test("the topmost bit alone decides", () => {
    fc.assert(
      fc.property(fc.integer(), (bits) => {
        const isFailure = bits < 0;

        expect(failed(hresult(bits))).toBe(isFailure);
        expect(succeeded(hresult(bits))).toBe(!isFailure);
      }),
    );
  });
});

describe("hresultFromWin32", () => {
  test.each([
    [5, 0x80070005],
    [1722, 0x800706ba],
    [1726, 0x800706be],
    [1818, 0x8007071a],
  ])("wraps Win32 error %d", (code, expected) => {
    expect(hresultFromWin32(code)).toBe(expected);
  });

  test("leaves 0 as S_OK", () => {
    expect(hresultFromWin32(0)).toBe(S_OK);
  });

  test.each([0x80004005, -2147467259])("leaves %d, an HRESULT already, as it is", (code) => {
    expect(hresultFromWin32(code)).toBe(0x80004005);
  });
});

describe("hresultName", () => {
  test.each([
    [0x80041234, "0x80041234"],
    [0x00000abc, "0x00000ABC"],
  ])("shows the digits of %d, which has no name", (value, digits) => {
    expect(hresultName(value as HResult)).toBe(digits);
  });
});
