import assert from "node:assert/strict";
import { ICallFactory, type InterfacePointer, IUnknown, type NoMethods } from "callfactory";
import type { Stage } from "../harness/stage.ts";

/** The arguments of ICallFactory::CreateCall; by default no outer, and IID_IUnknown as riid2. */
export interface CreateCallArguments {
  readonly riid: string;
  readonly outer?: InterfacePointer<unknown> | null;
  readonly riid2?: string;
}

/** ICallFactory::CreateCall itself, on the factory of `object`; the factory is released again. */
export async function createCallRaw(
  object: InterfacePointer<unknown>,
  { riid, outer = null, riid2 = IUnknown.iid }: CreateCallArguments,
): Promise<InterfacePointer<NoMethods> | null> {
  const factory = await object.queryInterface(ICallFactory);
  try {
    const controlling = outer as InterfacePointer<NoMethods> | null;
    return await factory.CreateCall(riid as never, controlling, riid2 as never);
  } finally {
    factory.release();
  }
}

/** The same, when it is to succeed; the call object is released when the test ends. */
export async function createHeldCall(
  stage: Stage,
  object: InterfacePointer<unknown>,
  args: CreateCallArguments,
): Promise<InterfacePointer<NoMethods>> {
  const call = await createCallRaw(object, args);
  assert.ok(call, "CreateCall succeeds without a call object");
  return stage.hold(call);
}
