import { type BackendCall, type ComError, type Reply, S_OK } from "@callfactory/core";
import fc from "fast-check";
import { expect } from "vitest";
import { CallModel, type Outcome } from "./call-model.ts";
import { DOUBLE, OTHER, type Work } from "./pipe-of-calls.ts";

/** What the model knows: the call object in use, those released before, and the server's open calls. */
export interface Model {
  call: CallModel;
  readonly released: CallModel[];
  readonly open: number[];
  lastId: number;
  nowMs: number;
  /** What blocks, with what the model expects of it. */
  readonly blocked: Outcome[];
}

/** The real thing; outcomes of blocking calls in the order of {@link Model.blocked}. */
export interface Real {
  readonly work: Work;
  call: BackendCall;
  readonly blocked: Outcome[];
}

/** A fresh model and the real call object beside it. */
export async function setup(work: Work): Promise<{ model: Model; real: Real }> {
  const call = new CallModel();
  return {
    model: { call, released: [], open: [], lastId: 0, nowMs: 0, blocked: [] },
    real: { work, call: await work.createCall(), blocked: [] },
  };
}

/** Begin_'s HRESULT, whether it is thrown or not. */
async function beginHr(call: BackendCall, id: number): Promise<number> {
  try {
    await call.begin(DOUBLE, [id]);
    return S_OK;
  } catch (error) {
    return (error as ComError).hr;
  }
}

/** Follows something that may block. */
function follow(real: Real, pending: Promise<Outcome>): void {
  const outcome: Outcome = { hr: "blocked" };
  real.blocked.push(outcome);
  void pending.then((ended) => {
    // Ending twice would overwrite what the model expects.
    expect(outcome.hr).toBe("blocked");
    Object.assign(outcome, ended);
  });
}

const asOutcome = ({ hr, value }: Reply): Outcome =>
  value === undefined ? { hr } : { hr, value: value as number };

/** Everything that has blocked so far is where the model says. */
async function compare(model: Model, real: Real): Promise<void> {
  await real.work.settle();
  expect(real.blocked).toEqual(
    model.blocked.map(({ hr, value }) => (value === undefined ? { hr } : { hr, value })),
  );
}

type Step = (model: Model, real: Real) => Promise<void>;

/** A command of the state machine. */
class Command implements fc.AsyncCommand<Model, Real> {
  readonly #name: string;
  readonly #step: Step;
  readonly #applies: (model: Model) => boolean;

  constructor(name: string, step: Step, applies: (model: Model) => boolean = () => true) {
    this.#name = name;
    this.#step = step;
    this.#applies = applies;
  }

  check(model: Readonly<Model>): boolean {
    return this.#applies(model);
  }

  async run(model: Model, real: Real): Promise<void> {
    await this.#step(model, real);
    await compare(model, real);
  }

  toString(): string {
    return this.#name;
  }
}

const begin: Step = async (model, real) => {
  const id = ++model.lastId;
  const expected = model.call.begin(id);
  if (expected === S_OK) model.open.push(id);

  expect(await beginHr(real.call, id)).toBe(expected);
};

const finish: Step = async (model, real) => {
  model.blocked.push(model.call.finish());
  follow(real, real.call.finish(DOUBLE).then(asOutcome));
};

const finishOther: Step = async (model, real) => {
  expect((await real.call.finish(OTHER)).hr).toBe(model.call.finishOther());
};

const cancel =
  (seconds: number): Step =>
  async (model, real) => {
    model.blocked.push(model.call.cancel(seconds, model.nowMs));
    follow(
      real,
      real.call.cancel(seconds).then((hr) => ({ hr })),
    );
  };

const testCancel: Step = async (model, real) => {
  expect(await real.call.testCancel()).toBe(model.call.testCancel());
};

const poll: Step = async (model, real) => {
  expect(await real.call.wait(0)).toBe(model.call.poll());
};

/** The server finishes one of its open calls, not always the oldest. */
const complete =
  (which: number): Step =>
  async (model, real) => {
    const [id] = model.open.splice(which % model.open.length, 1) as [number];
    for (const call of [...model.released, model.call]) call.complete(id);
    real.work.complete(id);
  };

const release: Step = async (model, real) => {
  real.call.release();
  model.released.push(model.call);
  model.call = new CallModel();
  real.call = await real.work.createCall();
};

const passTime =
  (delayMs: number): Step =>
  async (model, real) => {
    await real.work.pass(delayMs);
    model.nowMs = real.work.emulator.clock.now();
    for (const call of [...model.released, model.call]) call.tick(model.nowMs);
  };

/** Any command; those that need something to work on are skipped when it is missing. */
export const anyCommand: fc.Arbitrary<fc.AsyncCommand<Model, Real>>[] = [
  fc.constant(new Command("Begin_", begin)),
  fc.constant(new Command("Finish_", finish, ({ call }) => !call.isFinishBlocked)),
  fc.constant(new Command("Finish_Other", finishOther)),
  fc.constant(new Command("Cancel(0)", cancel(0))),
  fc.integer({ min: 1, max: 9 }).map((n) => new Command(`Cancel(${n})`, cancel(n))),
  fc.constant(new Command("TestCancel", testCancel)),
  fc.constant(new Command("Wait(0)", poll)),
  fc.nat(9).map((n) => new Command(`server ends ${n}`, complete(n), ({ open }) => open.length > 0)),
  fc.constant(new Command("Release", release)),
  fc.integer({ min: 1, max: 6000 }).map((n) => new Command(`${n} ms pass`, passTime(n))),
];
