import { type Com, ComError, openCom } from "callfactory";
import { IGuest, IGuestBook, IKitchen, kitchenClass } from "./kitchen.ts";

/** What the page found out; plain JSON. */
export interface Outcome {
  readonly backend: string;
  readonly reason: string;
  readonly apartment: string;
  readonly dishes: readonly (string | null)[];
  readonly lane: string | undefined;
  /** How the call ended that was cancelled. */
  readonly canceled: string | null;
  /** What the server called back. */
  readonly events: readonly string[];
  /** Whether strings may be run as code here. */
  readonly evaluates: boolean;
}

/** A client in the MTA and a server in an STA: calls, a cancelled one, and events. */
export async function runScenario(): Promise<Outcome> {
  const canEvaluate = evaluates();
  const com = await openCom();
  try {
    return { ...(await dine(com)), evaluates: canEvaluate };
  } finally {
    await com.close();
  }
}

async function dine(com: Com): Promise<Omit<Outcome, "evaluates">> {
  com.registerClass(kitchenClass);
  using kitchen = await com.createInstance(kitchenClass.clsid, IKitchen);
  using book = await kitchen.queryInterface(IGuestBook);
  const events: string[] = [];
  using guest = com.implement([IGuest], { Served: (dish) => void events.push(dish ?? "") });
  await book.Enter(guest);

  const calls = [kitchen.Cook(20), kitchen.Cook(1)];
  const dishes = await Promise.all(calls);
  const controller = new AbortController();
  const endless = kitchen.Cook(0x7fffffff, { signal: controller.signal });
  await kitchen.Cook(1);
  controller.abort();
  const canceled = await endless.catch((error: unknown) =>
    error instanceof ComError ? error.message : String(error),
  );
  await book.Enter(null);

  return {
    backend: com.backend,
    reason: com.reason,
    apartment: com.apartment,
    dishes,
    lane: calls[0]?.lane,
    canceled,
    events,
  };
}

function evaluates(): boolean {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- whether this is refused is the question
    return new Function("return true")() as boolean;
  } catch {
    return false;
  }
}
