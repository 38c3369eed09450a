import { failed, type Guid, hresult, type Method, S_OK } from "@callfactory/core";
import { chain } from "../object/awaitable.ts";
import type { OrpcReply } from "../orpc/channel.ts";
import { Blanket } from "../security/blanket.ts";
import { type Connection, InterfaceProxy, type PreparedCall } from "./interface-proxy.ts";
import { IRemUnknown, type RemInterfaceRef, type RemQiResult } from "./rem-unknown-interface.ts";

const REM_RELEASE = IRemUnknown.members.get("RemRelease") as Method;

/** The proxy of an exporter's IRemUnknown: gives back references that come when nobody waits for them. */
export class RemUnknownProxy extends InterfaceProxy {
  readonly #connection: Connection;

  constructor(ipid: Guid, connection: Connection) {
    // What COM does on its own account must go out, whoever is impersonated.
    const own = new Blanket(connection.services.security, { isLenient: true });
    super(IRemUnknown, ipid, 0, connection, own);
    this.#connection = connection;
  }

  /** The caller was canceled, or its apartment has ended: nobody counts what the server granted (LIFE-09). */
  override drop(call: PreparedCall, reply: OrpcReply): void {
    void chain(this.read(call, reply), ({ hr, value }) => {
      const refs = failed(hr) ? [] : grantedBy(call, value);
      if (refs.length === 0) return;
      const { direct } = this.#connection.apartment.thread;
      void chain(this.prepare(REM_RELEASE, [refs.length, refs], direct), (request) => {
        this.send(request, () => {});
      });
    });
  }
}

/** The references that a reply brings. */
function grantedBy({ method, args }: PreparedCall, value: unknown): RemInterfaceRef[] {
  switch (method.name) {
    case "RemAddRef":
      return (args[1] as RemInterfaceRef[]).filter((_, i) => (value as Uint32Array)[i] === S_OK);
    case "RemQueryInterface":
      return (value as RemQiResult[])
        .filter(({ hResult }) => !failed(hresult(hResult)))
        .map(({ std: { ipid, cPublicRefs } }) => ({ ipid, cPublicRefs, cPrivateRefs: 0 }));
    default:
      return [];
  }
}
