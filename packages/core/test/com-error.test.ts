import { describe, expect, test } from "vitest";
import {
  ComError,
  E_INVALIDARG,
  E_UNEXPECTED,
  hresult,
  RPC_E_CALL_CANCELED,
  S_FALSE,
  S_OK,
  throwIfFailed,
} from "../src/index.ts";

describe("ComError", () => {
  test("shows the name of its HRESULT and the place", () => {
    const error = new ComError(RPC_E_CALL_CANCELED, "ICalculator::Add");

    expect(error.message).toBe("[RPC_E_CALL_CANCELED] ICalculator::Add");
  });

  test("appends the detail", () => {
    const error = new ComError(E_INVALIDARG, "ISynchronize::Wait", { detail: "flag 0x80" });

    expect(error.message).toBe("[E_INVALIDARG] ISynchronize::Wait: flag 0x80");
  });

  test("keeps its cause", () => {
    const cause = new Error("the reason");

    expect(new ComError(E_INVALIDARG, "IFoo::Bar", { cause }).cause).toBe(cause);
  });

  test("has no cause unless it is given one", () => {
    expect(new ComError(E_INVALIDARG, "IFoo::Bar")).not.toHaveProperty("cause");
  });

  test("keeps a cause that is undefined apart from none", () => {
    expect(new ComError(E_INVALIDARG, "IFoo::Bar", { cause: undefined })).toHaveProperty("cause");
  });

  test("is an Error with a name of its own", () => {
    const error = new ComError(E_INVALIDARG, "IFoo::Bar");

    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("ComError");
    expect(error.where).toBe("IFoo::Bar");
  });

  test("has an unsigned HRESULT even if made with a signed one", () => {
    const signed = (0x80070057 | 0) as typeof E_INVALIDARG;

    expect(new ComError(signed, "IFoo::Bar").hr).toBe(E_INVALIDARG);
  });

  test("never carries a success code", () => {
    expect(new ComError(S_FALSE, "IFoo::Bar").hr).toBe(E_UNEXPECTED);
  });
});

describe("throwIfFailed", () => {
  test.each([S_OK, S_FALSE, hresult(0x00041234)])("returns the success code %d", (hr) => {
    expect(throwIfFailed(hr, "IFoo::Bar")).toBe(hr);
  });

  test("throws the ComError of a failure", () => {
    const where = "IFoo::Bar";

    expect(() => throwIfFailed(E_INVALIDARG, where)).toThrow(new ComError(E_INVALIDARG, where));
  });
});
