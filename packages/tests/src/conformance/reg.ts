import assert from "node:assert/strict";
import {
  asyncOf,
  defineInterface,
  E_NOINTERFACE,
  IUnknown,
  LONG,
  method,
  param,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";

const MARSHALED = { at: "marshaled", needs: ["register-class"] } as const;

const mapped = {
  name: "IMapped",
  iid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a651",
  asyncIid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a652",
  base: IUnknown,
  methods: [method("Twice", [param.in("value", LONG), param.retval("twice", LONG)])],
} as const;

/** The interface as it is written down, and as a registry has it that lacks AsynchronousInterface. */
const IMapped = defineInterface(mapped);
const { asyncIid: _left, ...unmapped } = mapped;
const IUnmapped = defineInterface(unmapped);
const AsyncIMapped = asyncOf(IMapped);

const CLSID_Mapped = "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a653";

/** A proxy for an object whose factory notes that it is asked; its class can be taken back. */
async function proxyOf(stage: Stage, iface: typeof IMapped) {
  const log: string[] = [];
  const takeBack = stage.com.registerClass({
    clsid: CLSID_Mapped,
    threadingModel: "Apartment",
    interfaces: [iface],
    create: () => ({
      Twice: (value) => value * 2,
      createCall: () => {
        log.push("createCall");
        return null;
      },
    }),
  });
  const proxy = stage.hold(await stage.com.createInstance(CLSID_Mapped, iface));
  return { proxy, log, takeBack };
}

/** What the registry says of asynchronous interfaces. */
export const reg: readonly ConformanceTest[] = [
  conformance(
    "REG-01",
    "without AsynchronousInterface a client's CreateCall fails, and the method still runs",
    MARSHALED,
    async (stage) => {
      const { proxy } = await proxyOf(stage, IUnmapped);

      await assertFails(proxy.createCall(AsyncIMapped), E_NOINTERFACE);

      assert.equal(await proxy.Twice(21), 42);
    },
  ),

  conformance(
    "REG-01",
    "without AsynchronousInterface a server's call factory is not asked",
    MARSHALED,
    async (stage) => {
      const { proxy, log } = await proxyOf(stage, IUnmapped);

      await proxy.Twice(21);

      assert.deepEqual(log, []);
    },
  ),

  conformance(
    "REG-01",
    "with AsynchronousInterface a client's CreateCall succeeds, and a server's factory is asked",
    MARSHALED,
    async (stage) => {
      const { proxy, log } = await proxyOf(stage, IMapped);
      const call = await stage.callOf(proxy, AsyncIMapped);

      await call.Begin_Twice(21);

      assert.equal(await call.Finish_Twice(), 42);
      assert.deepEqual(log, ["createCall"]);
    },
  ),

  conformance(
    "REG-06",
    "CreateCall on a proxy fails with E_NOINTERFACE once the mapping was taken back",
    MARSHALED,
    async (stage) => {
      const { proxy, takeBack } = await proxyOf(stage, IMapped);
      const before = await stage.callOf(proxy, AsyncIMapped);

      takeBack();

      await assertFails(proxy.createCall(AsyncIMapped), E_NOINTERFACE);
      await before.Begin_Twice(21);
      assert.equal(await before.Finish_Twice(), 42);
    },
  ),

  conformance(
    "REG-06",
    "a mapping that an object brought by itself stays when a class takes its own back",
    { ...MARSHALED, needs: [...MARSHALED.needs, "implement"] },
    async (stage) => {
      const { takeBack } = await proxyOf(stage, IMapped);
      const sta = await stage.com.openApartment("sta");
      const object = stage.hold(sta.implement([IMapped], { Twice: (value) => value * 2 }));
      const objref = await sta.marshal(object);
      const proxy = stage.hold(await stage.com.unmarshal(objref, IMapped));

      takeBack();
      const call = await stage.callOf(proxy, AsyncIMapped);
      await call.Begin_Twice(21);

      assert.equal(await call.Finish_Twice(), 42);
    },
  ),

  conformance(
    "REG-06",
    "a mapping that a class takes back can be made again, and is kept by another class that made it",
    MARSHALED,
    async (stage) => {
      const { proxy, takeBack } = await proxyOf(stage, IMapped);
      const other = stage.com.registerClass({
        clsid: "5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3a654",
        interfaces: [IMapped],
        create: () => ({ Twice: (value) => value * 2 }),
      });

      takeBack();
      const kept = await stage.callOf(proxy, AsyncIMapped);
      other();

      await assertFails(proxy.createCall(AsyncIMapped), E_NOINTERFACE);
      kept.release();
      await proxyOf(stage, IMapped);
      await stage.callOf(proxy, AsyncIMapped);
    },
  ),
];
