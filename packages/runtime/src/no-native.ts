import type { Backend } from "@callfactory/core";

/**
 * Stands for `@callfactory/native` in bundles for browsers, as package.json says: a bundler would
 * follow the import of the addon's loader, and with it into Node.
 *
 * @throws Error always: there is no COM in a browser.
 */
export async function createNativeBackend(): Promise<Backend> {
  throw new Error("openCom: there is no native backend in a browser; the emulator runs everywhere");
}
