import {
  type Com,
  IAdviseSink2,
  type ImplementationOf,
  type IncomingCall,
  type Interface,
  type InterfacePointer,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";

/** A sink, as a client has it. */
export type Sink = InterfacePointer<typeof IAdviseSink2 extends Interface<infer S> ? S : never>;
/** A sink, as a server writes it. */
export type SinkMethods = ImplementationOf<readonly [typeof IAdviseSink2]>;

/** A sink whose methods all call `heard`. */
export function sinkOf(
  heard: (method: string, call: IncomingCall) => void | Promise<void>,
): SinkMethods {
  return {
    OnDataChange: (_format, _medium, call) => heard("OnDataChange", call),
    OnViewChange: (_aspect, _index, call) => heard("OnViewChange", call),
    OnRename: (_moniker, call) => heard("OnRename", call),
    OnSave: (call) => heard("OnSave", call),
    OnClose: (call) => heard("OnClose", call),
    OnLinkSrcChange: (_moniker, call) => heard("OnLinkSrcChange", call),
  };
}

/** A sink in one apartment, for a client in another. */
export async function sinkFor(
  stage: Stage,
  { home, client }: { readonly home: Com; readonly client: Com },
  methods: SinkMethods,
): Promise<Sink> {
  const object = stage.hold(home.implement([IAdviseSink2], methods));
  return stage.hold(await client.unmarshal(await home.marshal(object), IAdviseSink2));
}

/** Two STAs: one for the object, one for its client. */
export async function twoStas(stage: Stage): Promise<{ readonly home: Com; readonly client: Com }> {
  const [home, client] = [
    await stage.com.openApartment("sta"),
    await stage.com.openApartment("sta"),
  ];
  return { home, client };
}
