/** Frames to look through for one of the user's. */
const FRAMES = 40;

/** Where the packages lie beside each other, for a place that is not in a bundle. */
const OWN = /^(.*\/)emulator\/(?:src|dist)\/object\/place\.[jt]s$/.exec(slashed(import.meta.url));

/** Packages of callfactory as they are installed. */
const INSTALLED = /\/node_modules\/(?:@callfactory\/[^/]+|callfactory)\//;

/** A file with line and column, at the end of a line of a stack, in V8's writing and in others'. */
const LOCATION =
  /(?:\(|@|at (?:async )?|^\s*)((?:[a-z]+:\/{2,3}|[A-Za-z]:[\\/]|\/)[^()]*?:\d+:\d+)\)?$/;

/** Where code asked for something: its stack, read only when somebody wants to know. */
export class Place {
  readonly #error: Error;

  /** The place that is running now. */
  constructor() {
    // The limit is V8's; the library's own frames must not use it up.
    const limited = Error as { stackTraceLimit?: number };
    const limit = limited.stackTraceLimit;
    limited.stackTraceLimit = FRAMES;
    this.#error = new Error("here");
    if (limit === undefined) delete limited.stackTraceLimit;
    else limited.stackTraceLimit = limit;
  }

  /** The JavaScript stack, innermost frame first. */
  get stack(): string {
    return (this.#error.stack ?? "").replace(/^Error: here\n/, "");
  }

  /** Frames outside callfactory's packages as `file:line:column`, innermost first. */
  get frames(): readonly string[] {
    return userFrames(this.stack);
  }
}

/** The frames of a stack that belong to neither callfactory nor the JavaScript engine. */
export function userFrames(stack: string): readonly string[] {
  return stack
    .split("\n")
    .map((line) => LOCATION.exec(line)?.[1])
    .filter((location) => location !== undefined)
    .map((location) => slashed(location))
    .filter((location) => !isOwn(location));
}

function isOwn(location: string): boolean {
  if (/^(?:node|native):/.test(location) || INSTALLED.test(location)) return true;
  const packages = OWN?.[1];
  if (packages === undefined || !location.startsWith(packages)) return false;
  return /^(?:core|wire|emulator|runtime)\/(?:src|dist)\//.test(location.slice(packages.length));
}

/** A URL of a file as its path, with slashes on every platform. */
function slashed(location: string): string {
  return location
    .replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, "")
    .replace(/[?#][^:]*(?=:|$)/, "")
    .replaceAll("\\", "/");
}
