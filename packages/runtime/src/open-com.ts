import type { ApartmentKind, Backend, BackendName } from "@callfactory/core";
import type { EmulatorOptions } from "@callfactory/emulator";
import { checkKind, createCom } from "./apartment-com.ts";
import type { Com } from "./com.ts";
import { checkOptionNames } from "./option-names.ts";

/** How to open COM. */
export interface OpenComOptions {
  /** Which backend; or one that you made yourself. Default: see {@link openCom}. */
  readonly backend?: BackendName | Backend;
  /** The apartment of the handle; "mta" by default. */
  readonly apartment?: ApartmentKind;
  /** For the emulator: seed and clock. */
  readonly emulator?: EmulatorOptions;
}

interface Choice {
  readonly name: BackendName;
  readonly reason: string;
}

/** What there is of Node's process object, if this is Node. */
interface ProcessLike {
  readonly platform?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The environment variable that overrides the platform's backend. */
const VARIABLE = "CALLFACTORY_BACKEND";

/**
 * Opens COM in an apartment.
 *
 * The backend is the one in `options`, else the one that the environment variable
 * CALLFACTORY_BACKEND names, else the native one on Windows and the emulator everywhere else.
 *
 * @throws TypeError for a backend that does not exist, or an option; Error when the native addon is missing,
 *   made for another architecture, or not for this platform.
 */
export async function openCom(options: OpenComOptions = {}): Promise<Com> {
  checkOptionNames("openCom", options, ["backend", "apartment", "emulator"]);
  const kind = checkKind(options.apartment ?? "mta");
  const { backend, reason } = await openBackend(options);
  const apartment = await backend.openApartment(kind);
  return createCom({ backend, apartment, reason, ownsBackend: true });
}

async function openBackend({
  backend,
  emulator,
}: OpenComOptions): Promise<{ readonly backend: Backend; readonly reason: string }> {
  if (typeof backend === "object" && backend !== null) {
    return { backend, reason: `the backend ${backend.name} was passed to openCom` };
  }
  const { name, reason } = chooseBackend(
    backend,
    (globalThis as { readonly process?: ProcessLike }).process ?? {},
  );
  if (name === "emulator") {
    const { createEmulator } = await import("@callfactory/emulator");
    return { backend: createEmulator(emulator), reason };
  }
  if (emulator !== undefined) {
    throw new TypeError(
      `openCom: option 'emulator' does not go with the native backend (${reason})`,
    );
  }
  const { createNativeBackend } = await import("@callfactory/native");
  return { backend: await createNativeBackend(), reason };
}

/** Explicit option, then environment, then platform. */
export function chooseBackend(option: unknown, { platform, env }: ProcessLike): Choice {
  if (option !== undefined) {
    return {
      name: backendName(option, "openCom: option 'backend'"),
      reason: "openCom was told so",
    };
  }
  const variable = env?.[VARIABLE];
  if (variable !== undefined && variable !== "") {
    return { name: backendName(variable, VARIABLE), reason: `${VARIABLE} is set` };
  }
  if (platform === "win32") return { name: "native", reason: "this is Windows" };
  return { name: "emulator", reason: `this is ${platform ?? "a browser"}, not Windows` };
}

function backendName(value: unknown, where: string): BackendName {
  if (value === "emulator" || value === "native") return value;
  throw new TypeError(`${where} must be "emulator" or "native", got ${JSON.stringify(value)}`);
}
