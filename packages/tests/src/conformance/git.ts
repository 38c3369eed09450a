import assert from "node:assert/strict";
import {
  type Com,
  CLSID_StdGlobalInterfaceTable,
  CO_E_OBJNOTCONNECTED,
  E_INVALIDARG,
  ICallFactory,
  IGlobalInterfaceTable,
  type InterfacePointer,
  RPC_E_WRONG_THREAD,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IOther, IProbe, pair, type ProbePointer, settled } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "functions", "virtual-clock"] } as const;

async function tableOf(stage: Stage, com: Com = stage.com) {
  return stage.hold(await com.createInstance(CLSID_StdGlobalInterfaceTable, IGlobalInterfaceTable));
}

/** The pointer of a cookie, for the apartment of `com`. */
async function get(stage: Stage, com: Com, cookie: number): Promise<ProbePointer> {
  const table = await tableOf(stage, com);
  const pointer = await table.GetInterfaceFromGlobal(cookie, IProbe.iid);
  return stage.query(stage.hold(pointer as NonNullable<typeof pointer>), IProbe);
}

/** The global interface table. */
export const git: readonly ConformanceTest[] = [
  conformance(
    "GIT-01",
    "a cookie gives every apartment a pointer of its own, any number of times",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const third = await stage.com.openApartment("sta");
      const table = await tableOf(stage, server);
      const cookie = await table.RegisterInterfaceInGlobal(object, IProbe.iid);

      const pointers = [
        await get(stage, client, cookie),
        await get(stage, third, cookie),
        await get(stage, client, cookie),
      ] as const;

      for (const pointer of pointers) assert.equal(await pointer.Twice(21), 42);
      assert.equal(await pointers[0].isSameObject(pointers[2]), true);
      await assertFails(third.marshal(pointers[0]), RPC_E_WRONG_THREAD);
      await table.RevokeInterfaceFromGlobal(cookie);
    },
  ),

  conformance(
    "GIT-01",
    "in the object's own apartment the pointer is the object's own",
    AT,
    async (stage) => {
      const { server, object } = await pair(stage);
      const table = await tableOf(stage, server);
      const cookie = await table.RegisterInterfaceInGlobal(object, IProbe.iid);

      const pointer = await get(stage, server, cookie);

      assert.equal(await pointer.isSameObject(object), true);
      await table.RevokeInterfaceFromGlobal(cookie);
    },
  ),

  conformance(
    "GIT-01",
    "another interface than the registered one can be asked for",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const table = await tableOf(stage, server);
      const cookie = await table.RegisterInterfaceInGlobal(object, IProbe.iid);

      const pointer = await (await tableOf(stage, client)).GetInterfaceFromGlobal(
        cookie,
        IOther.iid,
      );

      const other = await stage.query(stage.hold(pointer as NonNullable<typeof pointer>), IOther);
      await other.Ping();
      await table.RevokeInterfaceFromGlobal(cookie);
    },
  ),

  conformance(
    "GIT-02",
    "any apartment revokes a cookie, which is unknown from then on",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const cookie = await (await tableOf(stage, server)).RegisterInterfaceInGlobal(
        object,
        IProbe.iid,
      );
      const table = await tableOf(stage, client);

      await table.RevokeInterfaceFromGlobal(cookie);

      await assertFails(table.GetInterfaceFromGlobal(cookie, IProbe.iid), E_INVALIDARG);
      await assertFails(table.RevokeInterfaceFromGlobal(cookie), E_INVALIDARG);
    },
  ),

  conformance(
    "GIT-03",
    "a registration keeps its object alive until it is revoked",
    AT,
    async (stage) => {
      const { server, client, object, isGone } = await pair(stage);
      const table = await tableOf(stage, server);
      const cookie = await table.RegisterInterfaceInGlobal(object, IProbe.iid);
      object.release();
      const there = await tableOf(stage, client);
      (await there.GetInterfaceFromGlobal(cookie, IProbe.iid))?.release();
      await settled(client);
      assert.equal(isGone(), false);

      await table.RevokeInterfaceFromGlobal(cookie);

      assert.equal(isGone(), true);
    },
  ),

  conformance("GIT-03", "the table is one for the whole process", AT, async (stage) => {
    const { client, server } = await pair(stage);

    const [here, there] = [await tableOf(stage, client), await tableOf(stage, server)];

    // Seen from one apartment: the same object, at home in both.
    assert.equal(await here.isSameObject(there), true);
  }),

  conformance("GIT-03", "a registration ends with its apartment", AT, async (stage) => {
    const { server, client, object } = await pair(stage);
    const cookie = await (await tableOf(stage, server)).RegisterInterfaceInGlobal(
      object,
      IProbe.iid,
    );
    object.release();
    await server.close();
    const table = await tableOf(stage, client);

    await assertFails(table.GetInterfaceFromGlobal(cookie, IProbe.iid), CO_E_OBJNOTCONNECTED);

    await table.RevokeInterfaceFromGlobal(cookie);
  }),

  conformance(
    "GIT-04",
    "a free-threaded object keeps a cookie, and has a pointer wherever it runs",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const cookie = await (await tableOf(stage, server)).RegisterInterfaceInGlobal(
        object,
        IProbe.iid,
      );
      const kept = object;
      const answers: unknown[] = [];
      const agile = stage.hold(
        server.implement([IOther], {
          isFreeThreaded: true,
          Ping: async ({ com }) => {
            const table = await com.createInstance(
              CLSID_StdGlobalInterfaceTable,
              IGlobalInterfaceTable,
            );
            const unknown = (await table.GetInterfaceFromGlobal(
              cookie,
              IProbe.iid,
            )) as InterfacePointer<unknown>;
            const probe = await unknown.queryInterface(IProbe);
            answers.push(await probe.Twice(21));
            // The pointer that it could have kept is no good here.
            await assertFails(com.marshal(kept), RPC_E_WRONG_THREAD);
            for (const pointer of [probe, unknown, table]) pointer.release();
          },
        }),
      );
      const table = await tableOf(stage, server);
      const other = await table.RegisterInterfaceInGlobal(agile, IOther.iid);
      const here = await (await tableOf(stage, client)).GetInterfaceFromGlobal(other, IOther.iid);
      const pointer = await stage.query(stage.hold(here as NonNullable<typeof here>), IOther);

      await pointer.Ping();

      assert.deepEqual(answers, [42]);
      await assertFails(pointer.queryInterface(ICallFactory), 0x80004002 as never);
      for (const each of [cookie, other]) await table.RevokeInterfaceFromGlobal(each);
    },
  ),
];
