import assert from "node:assert/strict";
import { asyncOf, IStdMarshalInfo, guid } from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { AsyncIWorker, IWorker } from "./call-worker.ts";
import { IOther, IProbe, settled } from "./mar-probe.ts";

const AT = { at: "marshaled", needs: ["implement", "virtual-clock"] } as const;
const CLSID_Handler = guid("5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b401");

/** What call objects and handlers keep of their proxies. */
export const lifeCall: readonly ConformanceTest[] = [
  conformance(
    "LIFE-01",
    "a call object keeps its object alive when all proxies are released",
    AT,
    async (stage) => {
      const server = await stage.com.openApartment("sta");
      let isGone = false;
      const object = server.implement([IWorker], {
        Work: (value) => value + 1,
        finalRelease: () => {
          isGone = true;
        },
      });
      const proxy = await stage.com.unmarshal(await server.marshal(object), IWorker);
      object.release();
      const call = await proxy.createCall(AsyncIWorker);
      proxy.release();
      await settled(stage.com);
      assert.equal(isGone, false);
      await call.Begin_Work(1);
      assert.equal(await call.Finish_Work(), 2);

      call.release();

      await settled(stage.com);
      assert.equal(isGone, true);
    },
  ),

  conformance(
    "LIFE-01",
    "what is unmarshaled while a call object lives has the identity of its proxy",
    AT,
    async (stage) => {
      const server = await stage.com.openApartment("sta");
      const object = stage.hold(server.implement([IWorker], { Work: (value) => value + 1 }));
      const proxy = await stage.com.unmarshal(await server.marshal(object), IWorker);
      const call = await stage.callOf(proxy, asyncOf(IWorker));
      proxy.release();

      const again = stage.hold(await stage.com.unmarshal(await server.marshal(object), IWorker));

      await call.Begin_Work(4);
      assert.equal(await call.Finish_Work(), 5);
      assert.equal(await again.Work(1), 2);
    },
  ),

  conformance(
    "MAR-12",
    "the handler is loaded into the client, inside the proxy's identity",
    AT,
    async (stage) => {
      const created: string[] = [];
      stage.com.registerClass({
        clsid: CLSID_Handler,
        threadingModel: "Both",
        interfaces: [IOther],
        create: ({ com }) => ({
          Ping: () => {
            created.push(com.apartment);
          },
        }),
      });
      const server = await stage.com.openApartment("sta");
      const object = stage.hold(
        server.implement([IProbe, IStdMarshalInfo], {
          Twice: (value) => value * 2,
          Take: () => {},
          Give: () => null,
          GetClassForHandler: () => CLSID_Handler,
        }),
      );

      const proxy = stage.hold(await stage.com.unmarshal(await server.marshal(object), IProbe));
      const local = await stage.query(proxy, IOther);

      await local.Ping();
      assert.deepEqual(created, ["mta"]);
      assert.equal(await local.isSameObject(proxy), true);
      assert.equal(await (await stage.query(local, IProbe)).Twice(21), 42);
    },
  ),
];
