import assert from "node:assert/strict";
import { type Com, ComError, E_FAIL, guid, IChannelHook } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IProbe, pair } from "./mar-probe.ts";

const AT = {
  at: "marshaled",
  needs: ["implement", "functions", "processes", "virtual-clock"],
} as const;

const EXTENSION = guid("5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b501");

/** Registers a hook that sends the letters of `says`, and notes what it hears. */
async function hook(com: Com, says: string): Promise<string[]> {
  const log: string[] = [];
  const text = (data: Uint8Array): string => String.fromCharCode(...data);
  const data = Uint8Array.from(says, (letter) => letter.charCodeAt(0));
  const fill = () => ({ pDataSize: data.length, pDataBuffer: data });
  const pointer = com.implement([IChannelHook], {
    ClientGetSize: () => data.length,
    ClientFillBuffer: fill,
    ClientNotify: (_id, _iid, _size, heard, _rep, hr) => {
      log.push(`client heard '${text(heard)}' ${hr.toString(16)}`);
    },
    ServerNotify: (_id, iid, _size, heard) => {
      if (iid === IProbe.iid) log.push(`server heard '${text(heard)}'`);
    },
    ServerGetSize: () => data.length,
    ServerFillBuffer: fill,
  });
  await com.functions.CoRegisterChannelHook(EXTENSION, pointer);
  pointer.release();
  return log;
}

/** A probe in another process that has a hook of its own. */
async function remote(stage: Stage, says: string) {
  const process = await stage.com.openProcess();
  stage.hold({ release: () => process.kill() });
  const object = stage.hold(
    process.implement([IProbe], {
      Twice: (value) => {
        if (value < 0) throw new ComError(E_FAIL, "Twice");
        return value * 2;
      },
      Take: () => {},
      Give: () => null,
    }),
  );
  const { object: known } = await pair(stage);
  known.release();
  const log = await hook(process, says);
  const proxy = stage.hold(await stage.com.unmarshal(await process.marshal(object), IProbe));
  return { proxy, log };
}

/** Channel hooks: extents of a program's own. */
export const marHooks: readonly ConformanceTest[] = [
  conformance(
    "MAR-14",
    "a channel hook's data travels beside the call, there and back",
    AT,
    async (stage) => {
      const { proxy, log: there } = await remote(stage, "pong");
      const here = await hook(stage.com, "ping!");

      assert.equal(await proxy.Twice(21), 42);
      await assertFails(proxy.Twice(-1), E_FAIL);

      assert.deepEqual(there, ["server heard 'ping!'", "server heard 'ping!'"]);
      assert.deepEqual(here, ["client heard 'pong' 0", "client heard 'pong' 80004005"]);
      await stage.com.functions.CoRegisterChannelHook(EXTENSION, null);
    },
  ),

  conformance(
    "MAR-14",
    "a side without the hook ignores the extent, and the hook hears nothing",
    AT,
    async (stage) => {
      const { server, client, object } = await pair(stage);
      const process = await client.openProcess();
      stage.hold({ release: () => process.kill() });
      process.implement([IProbe], { Twice: () => 0, Take: () => {}, Give: () => null }).release();
      const log = await hook(process, "ping");
      const proxy = stage.hold(await process.unmarshal(await server.marshal(object), IProbe));

      assert.equal(await proxy.Twice(21), 42);

      assert.deepEqual(log, ["client heard '' 0"]);
    },
  ),
];
