import {
  E_NOINTERFACE,
  GUID_NULL,
  IMarshal,
  IStdMarshalInfo,
  IUnknown,
  MSHCTX_LOCAL,
  ROTFLAGS_REGISTRATIONKEEPSALIVE,
} from "@callfactory/core";
import { expect, test } from "vitest";
import { openCom } from "../src/index.ts";
import { IPart, IWhole } from "./whole.ts";

/** An object in an STA, and a client in the MTA; whatever is left over fails. */
async function whole() {
  const com = await openCom({ backend: "emulator", emulator: { clock: "virtual" } });
  const server = await com.openApartment("sta");
  const object = server.implement([IWhole, IPart], { Size: () => 1, Part: () => 2 });
  return { com, server, object };
}

test("CONV-02 QueryInterface ends well though its pointer is released meanwhile", async () => {
  const { com, server, object } = await whole();
  const proxy = await com.unmarshal(await server.marshal(object), IWhole);
  object.release();

  const asked = proxy.queryInterface(IPart);
  proxy.release();

  const part = await asked;
  expect(await part.Part()).toBe(2);
  part.release();
  await com.expectNoLeaks();
});

test("MAR-09 what the standard marshaler cannot marshal keeps no reference", async () => {
  const { com, server, object } = await whole();
  const { functions } = server;
  const local = server.implement([IStdMarshalInfo], { GetClassForHandler: () => GUID_NULL });
  const unknown = await functions.CoGetStandardMarshal(IUnknown.iid, local, MSHCTX_LOCAL, 0);
  const marshal = await (unknown as NonNullable<typeof unknown>).queryInterface(IMarshal);
  const stream = await functions.CreateStreamOnHGlobal();

  const failed = marshal.MarshalInterface(stream, IStdMarshalInfo.iid, null, 0, null, 0);

  await expect(failed).rejects.toMatchObject({ hr: E_NOINTERFACE });
  for (const pointer of [marshal, unknown, stream, local, object]) pointer?.release();
  await com.expectNoLeaks();
});

test("ROT-01 thousands of objects are registered in time", { timeout: 10_000 }, async () => {
  const COUNT = 20_000;
  const { com, server, object } = await whole();
  const { functions } = server;
  const table = (await functions.GetRunningObjectTable()) as NonNullable<
    Awaited<ReturnType<typeof functions.GetRunningObjectTable>>
  >;
  const cookies: number[] = [];

  for (let i = 0; i < COUNT; i++) {
    const moniker = await functions.CreateItemMoniker("!", `Item ${i}`);
    cookies.push(await table.Register(ROTFLAGS_REGISTRATIONKEEPSALIVE, object, moniker));
    moniker?.release();
  }

  for (const cookie of cookies) await table.Revoke(cookie);
  table.release();
  object.release();
  await com.expectNoLeaks();
});
