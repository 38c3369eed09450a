import assert from "node:assert/strict";
import {
  APTTYPE_MAINSTA,
  APTTYPE_MTA,
  APTTYPE_STA,
  APTTYPEQUALIFIER_IMPLICIT_MTA,
  APTTYPEQUALIFIER_NONE,
  CO_E_NOTINITIALIZED,
  COINIT_APARTMENTTHREADED,
  COINIT_MULTITHREADED,
  type Com,
  E_INVALIDARG,
  IPipeByte,
  RPC_E_CHANGED_MODE,
  RPC_E_WRONG_THREAD,
  S_FALSE,
  S_OK,
} from "callfactory";
import { CLSID_Calculator, ICalculator } from "../fixtures/interfaces.ts";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails } from "../harness/hr.ts";
import { stepFor } from "./apt-step.ts";

const IN_COM = { at: "same-apartment", needs: ["functions"] } as const;

/** The HRESULT of CoInitializeEx, success codes too. */
async function initialize(com: Com, flags: number): Promise<number | undefined> {
  const call = com.functions.CoInitializeEx(flags);
  await call.catch(() => {});
  return call.hr;
}

/** How threads get into apartments and out again. */
export const aptInit: readonly ConformanceTest[] = [
  conformance(
    "APT-01",
    "CoInitializeEx for the model that a thread has already returns S_FALSE",
    IN_COM,
    async ({ com }) => {
      const sta = await com.openApartment("sta");

      const hrs = [
        await initialize(sta, COINIT_APARTMENTTHREADED),
        await initialize(com, COINIT_MULTITHREADED),
      ];

      assert.deepEqual(hrs, [S_FALSE, S_FALSE]);
    },
  ),

  conformance(
    "APT-01",
    "an S_FALSE is balanced before the thread leaves its apartment",
    IN_COM,
    async ({ com }) => {
      const sta = await com.openApartment("sta");
      await initialize(sta, COINIT_APARTMENTTHREADED);

      await sta.functions.CoUninitialize();
      const between = await sta.functions.CoGetApartmentType();
      await sta.functions.CoUninitialize();
      const after = await sta.functions.CoGetApartmentType();

      assert.equal(between.pAptType, APTTYPE_MAINSTA);
      assert.equal(after.pAptType, APTTYPE_MTA);
    },
  ),

  conformance(
    "APT-01",
    "CoInitializeEx for the other model returns RPC_E_CHANGED_MODE and is not balanced",
    IN_COM,
    async ({ com }) => {
      const sta = await com.openApartment("sta");

      const hr = await initialize(sta, COINIT_MULTITHREADED);

      assert.equal(hr, RPC_E_CHANGED_MODE);
      await sta.functions.CoUninitialize();
      assert.equal(await initialize(sta, COINIT_MULTITHREADED), S_OK);
    },
  ),

  conformance(
    "APT-01",
    "a thread that has left its apartment joins another kind with S_OK",
    IN_COM,
    async ({ com }) => {
      const mta = await com.openApartment("mta");
      const id = await mta.functions.GetCurrentThreadId();
      await mta.functions.CoUninitialize();

      const hr = await initialize(mta, COINIT_APARTMENTTHREADED);

      assert.equal(hr, S_OK);
      assert.equal((await mta.functions.CoGetApartmentType()).pAptType, APTTYPE_MAINSTA);
      assert.equal(await mta.functions.GetCurrentThreadId(), id);
    },
  ),

  conformance("APT-01", "flags that COINIT lacks return E_INVALIDARG", IN_COM, async ({ com }) => {
    const sta = await com.openApartment("sta");

    assert.equal(await initialize(sta, COINIT_APARTMENTTHREADED | 0x1), E_INVALIDARG);
  }),

  conformance(
    "APT-02",
    "COM's functions fail with CO_E_NOTINITIALIZED on a thread in no apartment",
    IN_COM,
    async ({ com }) => {
      await com.functions.CoUninitialize();

      await assertFails(com.functions.CoGetApartmentType(), CO_E_NOTINITIALIZED);
      await assertFails(com.createInstance(CLSID_Calculator, ICalculator), CO_E_NOTINITIALIZED);
    },
  ),

  conformance(
    "APT-02",
    "a pointer of a thread that is in no apartment any more fails with CO_E_NOTINITIALIZED",
    IN_COM,
    async (stage) => {
      const calculator = await stage.calculator();

      await stage.com.functions.CoUninitialize();

      await assertFails(calculator.Add(1, 2), CO_E_NOTINITIALIZED);
      await assertFails(calculator.queryInterface(IPipeByte), CO_E_NOTINITIALIZED);
    },
  ),

  conformance(
    "APT-02",
    "everything of a closed handle fails with CO_E_NOTINITIALIZED",
    IN_COM,
    async (stage) => {
      const mta = await stage.com.openApartment("mta");
      const calculator = stage.hold(await mta.createInstance(CLSID_Calculator, ICalculator));

      await mta.close();

      await assertFails(mta.functions.CoGetApartmentType(), CO_E_NOTINITIALIZED);
      await assertFails(mta.functions.CoInitializeEx(COINIT_MULTITHREADED), CO_E_NOTINITIALIZED);
      await assertFails(calculator.Add(1, 2), CO_E_NOTINITIALIZED);
    },
  ),

  conformance("APT-03", "the MTA goes on when one of its threads leaves", IN_COM, async (stage) => {
    const other = await stage.com.openApartment("mta");
    const calculator = await stage.calculator();

    await other.close();

    assert.equal(await calculator.Add(20, 22), 42);
  }),

  conformance("APT-03", "threads of the MTA share their pointers", IN_COM, async (stage) => {
    const other = await stage.com.openApartment("mta");
    const theirs = stage.hold(await other.createInstance(CLSID_Calculator, ICalculator));
    const calculator = await stage.calculator();

    assert.equal(await calculator.HasCallFactory(theirs), true);
  }),

  conformance(
    "APT-03",
    "the first STA of a process is its main STA, others are not",
    IN_COM,
    async ({ com }) => {
      const first = await com.openApartment("sta");
      const second = await com.openApartment("sta");

      const types = [
        await first.functions.CoGetApartmentType(),
        await second.functions.CoGetApartmentType(),
      ];

      assert.deepEqual(types, [
        { pAptType: APTTYPE_MAINSTA, pAptQualifier: APTTYPEQUALIFIER_NONE },
        { pAptType: APTTYPE_STA, pAptQualifier: APTTYPEQUALIFIER_NONE },
      ]);
    },
  ),

  conformance(
    "APT-21",
    "a thread without CoInitializeEx is in the MTA while there is one",
    IN_COM,
    async (stage) => {
      const sta = await stage.com.openApartment("sta");

      await sta.functions.CoUninitialize();

      const expected = { pAptType: APTTYPE_MTA, pAptQualifier: APTTYPEQUALIFIER_IMPLICIT_MTA };
      assert.deepEqual(await sta.functions.CoGetApartmentType(), expected);
      const calculator = stage.hold(await sta.createInstance(CLSID_Calculator, ICalculator));
      assert.equal(await calculator.Add(1, 2), 3);
    },
  ),

  conformance(
    "APT-04",
    "a thread that moves from the MTA to an STA has no use for its proxies of before",
    { at: "marshaled", needs: ["implement", "functions"] },
    async (stage) => {
      const thread = await stage.com.openApartment("mta");
      const home = await stage.com.openApartment("sta");
      const object = await stepFor(stage, { home, client: thread }, (n) => n);

      await thread.functions.CoUninitialize();
      assert.equal(await object.Step(1, null), 1);
      await thread.functions.CoInitializeEx(COINIT_APARTMENTTHREADED);

      await assertFails(object.Step(2, null), RPC_E_WRONG_THREAD);
      await assertFails(object.Step(2, null, { lane: "worker" }), RPC_E_WRONG_THREAD);
    },
  ),

  conformance(
    "APT-21",
    "a thread without CoInitializeEx does not keep the MTA alive",
    IN_COM,
    async ({ com }) => {
      const implicit = await com.openApartment("mta");
      await implicit.functions.CoUninitialize();

      await com.functions.CoUninitialize();

      await assertFails(implicit.functions.CoGetApartmentType(), CO_E_NOTINITIALIZED);
    },
  ),
];
