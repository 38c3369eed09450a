import { createEmulator } from "@callfactory/emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  advise,
  type Com,
  CONNECT_E_ADVISELIMIT,
  CONNECT_E_NOCONNECTION,
  createConnectionPoints,
  defineInterface,
  E_NOINTERFACE,
  IConnectionPointContainer,
  IUnknown,
  LONG,
  method,
  openCom,
  param,
  RPC_E_DISCONNECTED,
} from "../src/index.ts";

const CLSID_Source = "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a701";

const ISource = defineInterface({
  name: "ISource",
  iid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a702",
  base: IUnknown,
  methods: [method("Tell", [param.in("what", LONG)])],
});

const IHeard = defineInterface({
  name: "IHeard",
  iid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a703",
  base: IUnknown,
  methods: [method("Heard", [param.in("what", LONG), param.retval("answer", LONG)])],
});

const INothing = defineInterface({
  name: "INothing",
  iid: "5ef3bd2c-8f4a-4d0f-9d0c-0b27d9f6a704",
  base: IUnknown,
  methods: [],
});

let com: Com;
let answers: unknown[];

beforeEach(async () => {
  com = await openCom({ backend: createEmulator({ clock: "virtual" }) });
  answers = [];
  com.registerClass({
    clsid: CLSID_Source,
    threadingModel: "Apartment",
    interfaces: [ISource, IConnectionPointContainer],
    create: (host) => {
      const points = createConnectionPoints(host.com, [IHeard], { maxConnections: 2 });
      return {
        ...points.container,
        Tell: async (what) => {
          const deliveries = await points.of(IHeard).overlap.Heard(what);
          answers.push(deliveries.map(({ value }) => value));
        },
      };
    },
  });
});

afterEach(async () => {
  await com.expectNoLeaks();
  await com.close();
});

describe("advise", () => {
  test("makes an object of a sink's methods, and lets the source hold it", async () => {
    const source = await com.createInstance(CLSID_Source, ISource);
    const connection = await advise(com, source, IHeard, { Heard: (what) => what + 1 });

    await source.Tell(41);

    expect(answers).toEqual([[42]]);
    await connection.unadvise();
    source.release();
  });

  test("leaves a sink that is a pointer to its owner", async () => {
    const source = await com.createInstance(CLSID_Source, ISource);
    const sink = com.implement([IHeard], { Heard: (what) => -what });
    const connection = await advise(com, source, IHeard, sink);

    await connection.unadvise();

    expect(await sink.Heard(3)).toBe(-3);
    sink.release();
    source.release();
  });

  test("tells a connection by its cookie, until it is ended", async () => {
    const source = await com.createInstance(CLSID_Source, ISource);
    const connection = await advise(com, source, IHeard, { Heard: () => 0 });
    expect(connection.cookie).toBeGreaterThan(0);

    await connection.unadvise();

    expect(connection.cookie).toBe(0);
    await connection.unadvise();
    source.release();
  });

  test("holds on to nothing when the source has no such events", async () => {
    const source = await com.createInstance(CLSID_Source, ISource);

    const advising = advise(com, source, INothing, {});

    await expect(advising).rejects.toMatchObject({ hr: CONNECT_E_NOCONNECTION });
    source.release();
  });

  test("holds on to nothing when the source has sinks enough", async () => {
    const source = await com.createInstance(CLSID_Source, ISource);
    const connect = () => advise(com, source, IHeard, { Heard: () => 0 });
    const full = [await connect(), await connect()];

    await expect(connect()).rejects.toMatchObject({ hr: CONNECT_E_ADVISELIMIT });

    for (const connection of full) await connection.unadvise();
    source.release();
  });

  test("refuses an object without a connection point container", async () => {
    const plain = com.implement([INothing], {});

    await expect(advise(com, plain, IHeard, { Heard: () => 0 })).rejects.toMatchObject({
      hr: E_NOINTERFACE,
    });
    plain.release();
  });

  test("disposes of a connection whose source has gone without a word", async () => {
    const server = await com.openApartment("sta");
    const points = createConnectionPoints(server, [IHeard]);
    const object = server.implement([IConnectionPointContainer], points.container);
    const source = await com.unmarshal(await server.marshal(object), IConnectionPointContainer);
    const [kept, disposed] = [
      await advise(com, source, IHeard, { Heard: () => 0 }),
      await advise(com, source, IHeard, { Heard: () => 0 }),
    ];
    object.release();
    source.release();
    await server.close();

    await disposed[Symbol.asyncDispose]();

    await expect(kept.unadvise()).rejects.toMatchObject({ hr: RPC_E_DISCONNECTED });
    points.release();
  });
});

describe("connection points", () => {
  test("are for the interfaces that they were made for", () => {
    const points = createConnectionPoints(com, [IHeard]);

    expect(() => points.of(INothing)).toThrow(TypeError);
    expect(points.of(IHeard)).toMatchObject({ interface: IHeard, size: 0 });
  });
});

describe("a posted event", () => {
  test("with the wrong arguments is refused, also where a sink makes no call objects", async () => {
    const points = createConnectionPoints(com, [IHeard]);
    const source = com.implement([IConnectionPointContainer], points.container);
    const heard: number[] = [];
    const connection = await advise(com, source, IHeard, { Heard: (what) => heard.push(what) });
    const { post } = points.of(IHeard) as unknown as {
      readonly post: { Heard(...args: unknown[]): Promise<unknown> };
    };

    const posted = post.Heard("what");

    await expect(posted).rejects.toThrow(/IHeard::Heard: 'what' must be a LONG/);
    expect(heard).toEqual([]);
    await connection.unadvise();
    source.release();
  });
});
