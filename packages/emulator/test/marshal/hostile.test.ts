import {
  type Awaitable,
  ComError,
  failed,
  type Guid,
  type Method,
  RPC_E_DISCONNECTED,
  REGDB_E_CLASSNOTREG,
  MSHCTX_INPROC,
  RPC_E_INVALIDMETHOD,
  S_OK,
} from "@callfactory/core";
import { encodeObjRef } from "@callfactory/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MtaApartment } from "../../src/apartment/mta.ts";
import { InterfaceProxy, type PreparedCall } from "../../src/marshal/interface-proxy.ts";
import { ComObject } from "../../src/object/com-object.ts";
import type { Channel, OrpcReply, OrpcRequest } from "../../src/orpc/channel.ts";
import { ProcessServices } from "../../src/process-services.ts";
import { marshalerIn } from "./marshaler-in.ts";
import { IProbe, openMachine, Probe, probe } from "./machine.ts";

const NOBODY = "99999999-2222-4333-8444-555555555551" as Guid;

/** Bytes, or a change to good ones: cut them, or put a word somewhere. */
const anyDamage = fc.oneof(
  fc.record({ bytes: fc.uint8Array({ maxLength: 80 }) }),
  fc.record({ at: fc.nat(), word: fc.integer() }),
  fc.record({ cut: fc.nat() }),
);

type Damage = typeof anyDamage extends fc.Arbitrary<infer D> ? D : never;

function damaged(good: Uint8Array, damage: Damage): Uint8Array {
  if ("bytes" in damage) return damage.bytes;
  if ("cut" in damage) return good.slice(0, damage.cut % good.length);
  const copy = good.slice();
  const at = damage.at % copy.length;
  for (let i = 0; i < 4 && at + i < copy.length; i++) copy[at + i] = damage.word >>> (8 * i);
  return copy;
}

describe("OBJREFs", () => {
  test("damaged ones give a pointer or a ComError, never anything else", async () => {
    const { server, client } = await openMachine();
    const packet = await server.marshal(server.implement(new Probe()));

    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const outcome = await client.unmarshal(damaged(packet, damage), IProbe).then(
          (pointer) => pointer.release(),
          (error: unknown) => error,
        );

        expect(outcome === undefined || outcome instanceof ComError).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("for an unknown class are REGDB_E_CLASSNOTREG", async () => {
    const { client } = await openMachine();
    const custom = encodeObjRef({
      kind: "custom",
      iid: IProbe.iid,
      clsid: NOBODY,
      data: new Uint8Array(8),
    });

    await expect(client.unmarshal(custom, IProbe)).rejects.toMatchObject({
      hr: REGDB_E_CLASSNOTREG,
    });
  });
});

/** The exporter of an apartment with one object, and good requests for it. */
function exporting() {
  const services = new ProcessServices({ clock: "virtual" });
  services.interfaces.register(IProbe);
  const apartment = new MtaApartment(services.running);
  const marshaler = marshalerIn(services, apartment);
  const object = new ComObject({ apartment, ledger: services.ledger, kind: "object" });
  const pointer = object.expose(IProbe, ({ name }, args) => {
    return { hr: S_OK, value: name === "Twice" ? (args[0] as number) * 2 : undefined };
  });
  const { ipid } = marshaler.exporter.export(pointer.unknown, IProbe.iid);
  const send: InterfaceProxy = new InterfaceProxy(IProbe, ipid, 0, {
    services,
    apartment,
    channel: { send: () => ({ cancel: () => {} }) },
    marshaler,
    context: MSHCTX_INPROC,
  });
  const request = (name: "Twice" | "Take", args: unknown[]): OrpcRequest =>
    (send.prepare(probe(name), args, apartment.thread.direct) as PreparedCall).request;
  const receive = (sent: OrpcRequest): Promise<OrpcReply[]> => {
    const replies: OrpcReply[] = [];
    marshaler.exporter.receive(sent, (reply) => replies.push(reply));
    return services.scheduler.fence().then(() => replies);
  };
  return { services, request, receive };
}

describe("requests", () => {
  test.each(["Twice", "Take"] as const)("damaged ones of %s are answered once", async (name) => {
    const { services, request, receive } = exporting();
    const good = request(name, [name === "Twice" ? 21 : null]);

    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const replies = await receive({ ...good, bytes: damaged(good.bytes, damage) });

        expect(replies).toHaveLength(1);
        expect(services.ledger.alive("call")).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("for an unknown IPID end with RPC_E_DISCONNECTED", async () => {
    const { request, receive } = exporting();

    const replies = await receive({ ...request("Twice", [1]), ipid: NOBODY });

    expect(replies).toEqual([{ kind: "fault", hr: RPC_E_DISCONNECTED, isUnread: true }]);
  });

  test.each([0, 2, 99, -1])("with opnum %d end with RPC_E_INVALIDMETHOD", async (opnum) => {
    const { request, receive } = exporting();

    const replies = await receive({ ...request("Twice", [1]), opnum });

    expect(replies).toEqual([{ kind: "fault", hr: RPC_E_INVALIDMETHOD }]);
  });

  test("a good one is answered with a response", async () => {
    const { request, receive } = exporting();

    expect(await receive(request("Twice", [21]))).toMatchObject([{ kind: "response" }]);
  });
});

/** A proxy whose channel answers whatever `reply` says. */
function proxyTo(reply: (request: OrpcRequest) => OrpcReply) {
  const services = new ProcessServices({ clock: "virtual" });
  const apartment = new MtaApartment(services.running);
  const channel: Channel = {
    send: (request, onReply) => {
      services.scheduler.post(null, () => onReply(reply(request)));
      return { cancel: () => {} };
    },
  };
  const proxy = new InterfaceProxy(IProbe, NOBODY, 1, {
    services,
    apartment,
    channel,
    marshaler: marshalerIn(services, apartment),
    context: MSHCTX_INPROC,
  });
  const call = (name: "Twice" | "Give", args: unknown[]): Awaitable<{ hr: number }> =>
    proxy.call(probe(name) satisfies Method, args, apartment.thread.direct);
  return { call };
}

/** ORPCTHAT without extensions, 42, S_OK. */
const GOOD_REPLY = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0);

describe("replies", () => {
  test("a good one gives its value", async () => {
    const { call } = proxyTo(() => ({ kind: "response", bytes: GOOD_REPLY }));

    expect(await call("Twice", [21])).toEqual({ hr: S_OK, value: 42 });
  });

  test("damaged ones give a value or a failure code, never an exception", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDamage,
        fc.constantFrom("Twice" as const, "Give" as const),
        async (damage, name) => {
          const bytes = damaged(GOOD_REPLY, damage);
          const { call } = proxyTo(() => ({ kind: "response", bytes }));

          const reply = await call(name, name === "Twice" ? [1] : []);

          expect(Number.isInteger(reply.hr)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each([0, 4, 8, 12, 15])("one cut after %d bytes is a failure", async (length) => {
    const bytes = GOOD_REPLY.slice(0, length);
    const { call } = proxyTo(() => ({ kind: "response", bytes }));

    const { hr } = await call("Twice", [1]);

    expect(failed(hr as typeof S_OK)).toBe(true);
  });

  test("a fault is its HRESULT", async () => {
    const { call } = proxyTo(() => ({ kind: "fault", hr: RPC_E_DISCONNECTED }));

    expect(await call("Twice", [1])).toEqual({ hr: RPC_E_DISCONNECTED, value: undefined });
  });
});
