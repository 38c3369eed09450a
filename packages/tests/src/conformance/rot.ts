import assert from "node:assert/strict";
import {
  type Com,
  E_INVALIDARG,
  guid,
  IMoniker,
  MK_E_UNAVAILABLE,
  MK_S_MONIKERALREADYREGISTERED,
  REGDB_E_CLASSNOTREG,
  ROTFLAGS_REGISTRATIONKEEPSALIVE,
  S_FALSE,
  S_OK,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { byValue, registerUnmarshaler } from "./mar-by-value.ts";
import { IProbe, pair, settled } from "./mar-probe.ts";

const AT = {
  at: "marshaled",
  needs: ["implement", "functions", "processes", "virtual-clock"],
} as const;
const CLSID_App = guid("5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b301");

async function tableOf(stage: Stage, com: Com) {
  const table = await com.functions.GetRunningObjectTable();
  return stage.hold(table as NonNullable<typeof table>);
}

async function monikerOf(stage: Stage, com: Com, item: string) {
  const moniker = await com.functions.CreateItemMoniker("!", item);
  return stage.hold(moniker as NonNullable<typeof moniker>);
}

/** The running object table. */
export const rot: readonly ConformanceTest[] = [
  conformance(
    "ROT-01",
    "an object is found by an equal moniker, from any apartment",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const table = await tableOf(stage, server);
      const cookie = await table.Register(
        ROTFLAGS_REGISTRATIONKEEPSALIVE,
        object,
        await monikerOf(stage, server, "Station"),
      );

      const found = await (await tableOf(stage, client)).GetObject(
        await monikerOf(stage, client, "STATION"),
      );

      const probe = await stage.query(stage.hold(found as NonNullable<typeof found>), IProbe);
      assert.equal(await probe.Twice(21), 42);
      await table.Revoke(cookie);
    },
  ),

  conformance(
    "ROT-01",
    "what is not registered is unavailable, and not running",
    AT,
    async (stage) => {
      const table = await tableOf(stage, stage.com);
      const moniker = await monikerOf(stage, stage.com, "Nobody");

      const asked = table.IsRunning(moniker);
      await asked;

      assert.equal(asked.hr, S_FALSE);
      await assertFails(table.GetObject(moniker), MK_E_UNAVAILABLE);
      await assertFails(table.Revoke(4711), E_INVALIDARG);
    },
  ),

  conformance(
    "ROT-02",
    "a strong registration keeps its object, until it is revoked",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const table = await tableOf(stage, server);
      const moniker = await monikerOf(stage, server, "Strong");
      const cookie = await table.Register(ROTFLAGS_REGISTRATIONKEEPSALIVE, object, moniker);
      object.release();
      await settled(client);
      const asked = table.IsRunning(moniker);
      await asked;
      assert.equal(asked.hr, S_OK);
      assert.equal(isGone(), false);

      await table.Revoke(cookie);

      assert.equal(isGone(), true);
      await assertFails(table.GetObject(moniker), MK_E_UNAVAILABLE);
    },
  ),

  conformance(
    "ROT-02",
    "a weak registration goes with the last client of its object",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const table = await tableOf(stage, server);
      const moniker = await monikerOf(stage, server, "Weak");
      await table.Register(0, object, moniker);
      object.release();
      const found = await (await tableOf(stage, client)).GetObject(moniker);
      assert.ok(found);

      found.release();
      await settled(client);

      assert.equal(isGone(), true);
      await assertFails(table.GetObject(moniker), MK_E_UNAVAILABLE);
    },
  ),

  conformance(
    "ROT-03",
    "a second object of one name is registered, and told so",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);
      const table = await tableOf(stage, server);
      const moniker = await monikerOf(stage, server, "Twin");
      const first = await table.Register(ROTFLAGS_REGISTRATIONKEEPSALIVE, object, moniker);

      const registering = table.Register(ROTFLAGS_REGISTRATIONKEEPSALIVE, object, moniker);
      const second = await registering;

      assert.equal(registering.hr, MK_S_MONIKERALREADYREGISTERED);
      assert.notEqual(first, second);
      for (const cookie of [first, second]) await table.Revoke(cookie);
    },
  ),

  conformance(
    "ROT-01",
    "EnumRunning walks over the monikers of what is registered",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);
      const table = await tableOf(stage, server);
      const cookies: number[] = [];
      for (const name of ["One", "Two"]) {
        const moniker = await monikerOf(stage, server, name);
        cookies.push(await table.Register(ROTFLAGS_REGISTRATIONKEEPSALIVE, object, moniker));
      }

      const running = await table.EnumRunning();
      const walk = stage.hold(running as NonNullable<typeof running>);
      const next = walk.Next(3);
      const monikers = (await next).map((moniker) =>
        stage.hold(moniker as NonNullable<typeof moniker>),
      );

      assert.equal(next.hr, S_FALSE);
      const names: (string | null)[] = [];
      for (const moniker of monikers) names.push(await moniker.GetDisplayName(null, null));
      assert.deepEqual(names, ["!One", "!Two"]);
      for (const cookie of cookies) await table.Revoke(cookie);
    },
  ),

  conformance("ROT-01", "item monikers are equal without regard to case", AT, async (stage) => {
    const moniker = await monikerOf(stage, stage.com, "Station");
    const equal = moniker.IsEqual(await monikerOf(stage, stage.com, "sTATION"));
    const other = moniker.IsEqual(await monikerOf(stage, stage.com, "Stations"));
    await Promise.all([equal, other]);

    assert.deepEqual([equal.hr, other.hr], [S_OK, S_FALSE]);
    assert.equal(await moniker.GetDisplayName(null, null), "!Station");
    (await stage.query(moniker, IMoniker)).release();
  }),

  conformance("ROT-04", "another process finds the object too", AT, async (stage) => {
    const { server, object } = await pair(stage);
    const process = await stage.com.openProcess();
    stage.hold({ release: () => process.kill() });
    process.implement([IProbe], { Twice: () => 0, Take: () => {}, Give: () => null }).release();
    const table = await tableOf(stage, server);
    const moniker = await monikerOf(stage, server, "Shared");
    const cookie = await table.Register(ROTFLAGS_REGISTRATIONKEEPSALIVE, object, moniker);

    const there = await tableOf(stage, process);
    const found = await there.GetObject(await monikerOf(stage, process, "Shared"));

    const probe = await stage.query(stage.hold(found as NonNullable<typeof found>), IProbe);
    assert.equal(await probe.Twice(21), 42);
    await table.Revoke(cookie);
  }),

  conformance(
    "ROT-04",
    "a process that cannot have an object leaves it registered",
    AT,
    async (stage) => {
      registerUnmarshaler(stage, []);
      const process = await stage.com.openProcess();
      stage.hold({ release: () => process.kill() });
      const object = stage.hold(byValue(stage.com, 7, []));
      const cookie = await stage.com.functions.RegisterActiveObject(object, CLSID_App, 0);

      // The class that unmarshals it is registered in one of the processes.
      await assertFails(process.functions.GetActiveObject(CLSID_App), REGDB_E_CLASSNOTREG);

      const found = await stage.com.functions.GetActiveObject(CLSID_App);
      stage.hold(found as NonNullable<typeof found>);
      await stage.com.functions.RevokeActiveObject(cookie);
    },
  ),

  conformance("ROT-05", "the active object of a class is found by its CLSID", AT, async (stage) => {
    const { server, client, object } = await pair(stage);
    const cookie = await server.functions.RegisterActiveObject(object, CLSID_App, 0);

    const found = await client.functions.GetActiveObject(CLSID_App);

    const probe = await stage.query(stage.hold(found as NonNullable<typeof found>), IProbe);
    assert.equal(await probe.Twice(21), 42);
    await client.functions.RevokeActiveObject(cookie);
    await assertFails(client.functions.GetActiveObject(CLSID_App), MK_E_UNAVAILABLE);
  }),
];
