import { expect, test } from "vitest";
import {
  asyncOf,
  ComError,
  defineInterface,
  E_NOINTERFACE,
  ICallFactory,
  IUnknown,
  method,
  openCom,
} from "../src/index.ts";

const IJob = defineInterface({
  name: "IJob",
  iid: "cccccccc-2222-4333-8444-555555555551",
  asyncIid: "cccccccc-2222-4333-8444-555555555552",
  base: IUnknown,
  methods: [method("Run", [])],
});
const AsyncIJob = asyncOf(IJob);

/** An object whose own factory gives the interface that was asked for, or IUnknown whatever is asked. */
async function jobWith(gives: "riid2" | "IUnknown") {
  const com = await openCom({ backend: "emulator" });
  const implementation = { Begin_Run: () => {}, Finish_Run: () => {} };
  const job = com.implement([IJob, ICallFactory], {
    Run: () => {},
    CreateCall: () =>
      gives === "riid2"
        ? com.implement([AsyncIJob], implementation)
        : com.implement([AsyncIJob], implementation, { outer: null }),
  });
  return { com, job };
}

test("a factory written in JavaScript makes call objects", async () => {
  const { com, job } = await jobWith("riid2");

  const call = await job.createCall(AsyncIJob);
  await call.Begin_Run();
  await call.Finish_Run();

  call.release();
  job.release();
  await com.expectNoLeaks();
});

test("a factory that gives another interface than it was asked for is found out", async () => {
  const { com, job } = await jobWith("IUnknown");

  const error: unknown = await job.createCall(AsyncIJob).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ComError);
  expect(error).toMatchObject({ hr: E_NOINTERFACE });
  expect((error as ComError).message).toContain("gave IUnknown where riid2 was AsyncIJob");
  job.release();
  await com.expectNoLeaks();
});
