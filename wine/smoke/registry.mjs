// Classes that the registry names: the fixture server once it is registered, and one of Windows'.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { defineInterface, IPipeByte, IUnknown, method, openCom, param, ULONG } from "callfactory";
import { CLSID_SlowPipe } from "../../packages/tests/dist/fixtures/interfaces.js";
import { LIBRARY } from "./fixture.mjs";

const CLSID_FileSystemObject = "0d43fe01-f093-11cf-8940-00a0c9054228";

/** The first method of IDispatch. */
const IDispatch = defineInterface({
  name: "IDispatch",
  iid: "00020400-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [method("GetTypeInfoCount", [param.out("pctinfo", ULONG)])],
});

/** @param {string[]} options */
function regsvr32(...options) {
  const { status } = spawnSync("regsvr32", ["/s", ...options, LIBRARY], { stdio: "ignore" });
  assert.equal(status, 0, "regsvr32 fails");
}

for (const apartment of /** @type {const} */ (["mta", "sta"])) {
  void test(`a registered class is created in the client's apartment (${apartment})`, async () => {
    regsvr32();
    const com = await openCom({ backend: "native", apartment });
    try {
      const pipe = await com.createInstance(CLSID_SlowPipe, IPipeByte);
      const call = pipe.Pull(5);

      assert.deepEqual(await call, Uint8Array.of(0, 1, 2, 3, 4));
      assert.equal(call.lane, "call-object");
      pipe.release();
    } finally {
      await com.close();
      regsvr32("/u");
    }
  });
}

void test("a class of Windows has its synchronous methods", async () => {
  const com = await openCom({ backend: "native" });
  const files = await com.createInstance(CLSID_FileSystemObject, IDispatch);
  const call = files.GetTypeInfoCount();

  assert.equal(await call, 1);
  assert.equal(call.lane, "worker");
  files.release();
  await com.close();
});
