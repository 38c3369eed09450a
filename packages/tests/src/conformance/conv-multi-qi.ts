import assert from "node:assert/strict";
import {
  AsyncIMultiQI,
  CO_S_NOTALLINTERFACES,
  E_INVALIDARG,
  E_NOINTERFACE,
  hresult,
  ICallFactory,
  IMultiQI,
  IUnknown,
  S_OK,
} from "callfactory";
import { ICalculator, IPipeControl } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import type { Stage } from "../harness/stage.ts";
import { IForeman, IWorker } from "./call-worker.ts";
import {
  HUNG_MS,
  hangingServer,
  multiQi,
  REM_QUERY_INTERFACE,
  remoteIdentityCalls,
} from "./identity-server.ts";

const MARSHALED = {
  at: "marshaled",
  needs: ["implement", "virtual-clock", "packets", "proxy-call-factory"],
} as const;

type Results = readonly { readonly pItf: { release(): void } | null; readonly hr: number }[];

/** The HRESULT of each result; their pointers are released when the test ends. */
function outcomes(stage: Stage, results: Results): number[] {
  for (const { pItf } of results) if (pItf !== null) stage.hold(pItf);
  return results.map(({ hr }) => hresult(hr));
}

/** IMultiQI and AsyncIMultiQI of proxies. */
export const convMultiQi: readonly ConformanceTest[] = [
  conformance(
    "CONV-07",
    "Begin_ takes the count and the list, Finish_ gives the list, each entry with its outcome",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIMultiQI);
      const list = multiQi(IForeman.iid, ICalculator.iid, IUnknown.iid, ICallFactory.iid);

      await call.Begin_QueryMultipleInterfaces(4, list);
      const finishing = call.Finish_QueryMultipleInterfaces();
      const results = await finishing;

      assert.deepEqual(outcomes(stage, results), [S_OK, E_NOINTERFACE, S_OK, S_OK]);
      assert.equal(finishing.hr, CO_S_NOTALLINTERFACES);
      const [foreman] = results;
      assert.ok(foreman?.pItf);
      assert.ok(await foreman.pItf.isSameObject(worker));
      assert.equal(foreman.pIID, IForeman.iid);
    },
  ),

  conformance(
    "CONV-07",
    "all interfaces that the proxy lacks are asked for in one request",
    MARSHALED,
    async (stage) => {
      const { worker, hang } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIMultiQI);
      await hang();
      const events = stage.record();

      const list = multiQi(IForeman.iid, ICalculator.iid, IPipeControl.iid, IWorker.iid);
      await call.Begin_QueryMultipleInterfaces(4, list);
      const isInTime = stage.com.clock.now() < HUNG_MS;
      outcomes(stage, await call.Finish_QueryMultipleInterfaces());

      const requests = remoteIdentityCalls(events);
      assert.deepEqual([isInTime, requests.length], [true, 1]);
      assert.equal(requests[0]?.opnum, REM_QUERY_INTERFACE);
      assert.equal(requests[0]?.answeredAtMs, HUNG_MS);
    },
  ),

  conformance(
    "CONV-07",
    "the synchronous form of a proxy gives the same outcomes",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const multi = await stage.query(worker, IMultiQI);

      const all = multi.QueryMultipleInterfaces(2, multiQi(IForeman.iid, IWorker.iid), {
        lane: "worker",
      });
      const found = outcomes(stage, await all);
      const some = multi.QueryMultipleInterfaces(2, multiQi(ICalculator.iid, IWorker.iid), {
        lane: "worker",
      });
      const partly = outcomes(stage, await some);

      assert.deepEqual([found, all.hr], [[S_OK, S_OK], S_OK]);
      assert.deepEqual([partly, some.hr], [[E_NOINTERFACE, S_OK], CO_S_NOTALLINTERFACES]);
    },
  ),

  conformance(
    "CONV-07",
    "an object with none of the interfaces fails the query with E_NOINTERFACE",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIMultiQI);
      const multi = await stage.query(worker, IMultiQI);
      const list = multiQi(ICalculator.iid, IPipeControl.iid);

      await call.Begin_QueryMultipleInterfaces(2, list);

      await assertFails(call.Finish_QueryMultipleInterfaces(), E_NOINTERFACE);
      await assertFails(multi.QueryMultipleInterfaces(2, list, { lane: "worker" }), E_NOINTERFACE);
    },
  ),

  conformance(
    "CONV-07",
    "a list that is empty, or has a pointer in it already, is refused",
    MARSHALED,
    async (stage) => {
      const { worker } = await hangingServer(stage);
      const call = await stage.callOf(worker, AsyncIMultiQI);
      const filled = [{ pIID: IWorker.iid, pItf: await stage.query(worker, IUnknown), hr: S_OK }];

      await assertFails(call.Begin_QueryMultipleInterfaces(0, []), E_INVALIDARG);
      await assertFails(call.Begin_QueryMultipleInterfaces(1, filled), E_INVALIDARG);
      const multi = await stage.query(worker, IMultiQI);
      const asking = multi.QueryMultipleInterfaces(1, filled, { lane: "worker" });
      await assertFails(asking, E_INVALIDARG);
    },
  ),

  conformance(
    "REG-05",
    "IUnknown and IMultiQI of a proxy have call objects without any registration",
    { at: "marshaled", needs: ["proxy-call-factory"] },
    async (stage) => {
      const { pipe } = await stage.slowPipe();
      const call = await stage.callOf(pipe, AsyncIMultiQI);

      await call.Begin_QueryMultipleInterfaces(1, multiQi(IPipeControl.iid));

      const results = await call.Finish_QueryMultipleInterfaces();
      assert.deepEqual(outcomes(stage, results), [S_OK]);
    },
  ),
];
