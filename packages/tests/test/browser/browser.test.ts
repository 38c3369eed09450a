import { beforeAll, describe, expect, test } from "vitest";
import { type Bundle, bundleForBrowser } from "./bundle.ts";
import { visit } from "./visit.ts";

/** A browser takes seconds to start on a busy machine. */
const PATIENCE_MS = 60_000;

/** What strict pages allow: their own scripts, and to talk to where they came from. */
const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'";

const EXPECTED = {
  backend: "emulator",
  reason: "this is a browser, not Windows",
  apartment: "mta",
  dishes: ["soup", "soup"],
  lane: "call-object",
  canceled: "[RPC_E_CALL_CANCELED] IKitchen::Cook",
  events: ["soup", "soup", "soup"],
};

describe("a bundle for browsers", () => {
  test.each(["@callfactory/core", "@callfactory/wire", "@callfactory/emulator", "callfactory"])(
    "of %s needs nothing of Node",
    async (name) => {
      const { builtins, chunks } = await bundleForBrowser(name);

      expect(builtins).toEqual([]);
      expect(chunks.get("entry.js")).toBeTruthy();
    },
  );
});

describe("a page in Chromium", () => {
  let bundle: Bundle;

  beforeAll(async () => {
    bundle = await bundleForBrowser("./page.ts");
  });

  test("calls, cancels and hears events", { timeout: PATIENCE_MS }, async () => {
    const result = await visit({ bundle });

    expect(result).toEqual({ outcome: { ...EXPECTED, evaluates: true }, violations: [] });
  });

  test("does so where no string may become code", { timeout: PATIENCE_MS }, async () => {
    const result = await visit({ bundle, policy: STRICT });

    expect(result).toMatchObject({ outcome: { ...EXPECTED, evaluates: false } });
    // The scenario asks whether a string may, and the wire's codecs do, once for all.
    expect(result).toHaveProperty("violations", ["script-src", "script-src"]);
  });
});
