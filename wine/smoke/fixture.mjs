// What the smoke programs share: a backend, objects of the fixture server, fences.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createNativeBackend } from "@callfactory/native";

/** The fixture server, beside the addon. */
export const LIBRARY = fileURLToPath(
  new URL("../../packages/native/build/Release/callfactory_fixture.dll", import.meta.url),
);

/**
 * Runs `body` with an open apartment and asserts that nothing is left over.
 *
 * @param {"sta" | "mta"} kind
 * @param {(stage: { backend: import("@callfactory/native").NativeBackend, apartment: import("@callfactory/core").BackendApartment, create: (clsid: import("@callfactory/core").Guid, iface: import("@callfactory/core").Interface) => Promise<import("@callfactory/core").BackendObject> }) => Promise<void>} body
 */
export async function withApartment(kind, body) {
  const backend = await createNativeBackend();
  const apartment = await backend.openApartment(kind);
  /** @type {import("@callfactory/core").BackendObject[]} */
  const created = [];
  try {
    await body({
      backend,
      apartment,
      create: async (clsid, iface) => {
        const object = await apartment.activate({ clsid, iface, library: LIBRARY });
        created.push(object);
        return object;
      },
    });
  } finally {
    for (const object of created) object.release();
    await apartment.close();
    await backend.close();
  }
  const { environments: _, ...left } = backend.counters();
  const zero = { objects: 0, calls: 0, outers: 0, served: 0, buffers: 0, tasks: 0, threads: 0 };
  assert.deepEqual(left, zero, "something is left over");
}

/**
 * A method of an interface.
 *
 * @param {import("@callfactory/core").Interface} iface @param {string} name
 */
export function methodOf(iface, name) {
  const method = iface.members.get(name);
  assert.ok(method, `${iface.name} has no ${name}`);
  return method;
}

/**
 * Asserts that `promise` rejects with a ComError of `hr`.
 *
 * @param {Promise<unknown>} promise @param {number} hr
 */
export async function rejectsWith(promise, hr) {
  await assert.rejects(promise, (error) => {
    assert.equal(/** @type {{ hr?: number }} */ (error).hr, hr, String(error));
    return true;
  });
}
