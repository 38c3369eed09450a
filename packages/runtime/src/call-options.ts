import type { CallOptions, Clock, Method } from "@callfactory/core";
import type { CallControl } from "./call.ts";
import { checkOptionNames } from "./option-names.ts";

const NO_OPTIONS: CallOptions = {};
const KNOWN: readonly (keyof CallOptions)[] = ["signal", "timeoutMs", "lane"];

/**
 * Splits what a caller passed into the method's arguments and, last, options.
 *
 * @throws TypeError naming an option that is unknown or of the wrong type.
 */
export function splitOptions(
  method: Method,
  args: readonly unknown[],
  isPointer: (value: unknown) => boolean,
): { readonly args: readonly unknown[]; readonly options: CallOptions } {
  const count = method.ins.length;
  if (args.length !== count + 1) return { args, options: NO_OPTIONS };
  const last = args[count];
  if (last === undefined) return { args: args.slice(0, count), options: NO_OPTIONS };
  // Anything else is one argument too many, and will be reported as that.
  const isValue = Array.isArray(last) || ArrayBuffer.isView(last) || isPointer(last);
  if (typeof last !== "object" || last === null || isValue) return { args, options: NO_OPTIONS };
  checkOptions(method, last);
  return { args: args.slice(0, count), options: last };
}

function checkOptions(method: Method, options: CallOptions): void {
  const where = method.qualifiedName;
  checkOptionNames(where, options, KNOWN);
  const { signal, timeoutMs, lane } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw new TypeError(`${where}: option 'signal' must be an AbortSignal`);
  }
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) {
    throw new TypeError(`${where}: option 'timeoutMs' must be a number of milliseconds, 0 or more`);
  }
  if (lane !== undefined && lane !== "call-object" && lane !== "worker") {
    throw new TypeError(`${where}: option 'lane' must be "call-object" or "worker"`);
  }
}

/** Cancels the call when its signal aborts or its time is over; the result stops watching. */
export function watchOptions(
  { signal, timeoutMs }: CallOptions,
  clock: Clock,
  control: CallControl<unknown>,
): () => void {
  const stops: (() => void)[] = [];
  if (signal !== undefined) {
    const onAbort = (): void => control.cancel(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    stops.push(() => signal.removeEventListener("abort", onAbort));
  }
  if (timeoutMs !== undefined && Number.isFinite(timeoutMs)) {
    stops.push(
      clock.setTimer(timeoutMs, () =>
        control.cancel(new DOMException(`no reply within ${timeoutMs} ms`, "TimeoutError")),
      ),
    );
  }
  return () => {
    for (const stop of stops) stop();
  };
}
