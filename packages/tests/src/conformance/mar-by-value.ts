import { type Com, guid, IMarshal, type InterfacePointer, type IStream } from "callfactory";
import type { Stage } from "../harness/stage.ts";
import { IProbe } from "./mar-probe.ts";

/** The class of the unmarshaler. */
export const CLSID_ByValue = guid("5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b201");
/** A class that nobody registers. */
export const CLSID_Nobody = guid("5f0a4d0e-6a43-4c8e-9c39-5a1a3ac3b202");

type Of<I> = I extends import("callfactory").Interface<infer S> ? S : never;
type Stream = InterfacePointer<Of<typeof IStream>> | null;

/** What an object that goes by value implements; `log` takes what its IMarshal is asked. */
function implementation(
  com: Com,
  { value, log, clsid = CLSID_ByValue }: { value: number; log: string[]; clsid?: string },
) {
  const readByte = async (stream: Stream): Promise<number> => (await stream?.Read(1))?.[0] ?? 0;
  return {
    Twice: (factor: number) => value * factor,
    Take: () => {},
    Give: () => null,
    GetUnmarshalClass: (_riid: string, _pv: unknown, context: number) => {
      log.push(`GetUnmarshalClass ${context}`);
      return guid(clsid);
    },
    GetMarshalSizeMax: () => {
      log.push("GetMarshalSizeMax");
      return 1;
    },
    MarshalInterface: async (stream: Stream) => {
      log.push("MarshalInterface");
      await stream?.Write(Uint8Array.of(value), 1);
    },
    UnmarshalInterface: async (stream: Stream) => {
      log.push("UnmarshalInterface");
      return byValue(com, await readByte(stream), []);
    },
    ReleaseMarshalData: async (stream: Stream) => {
      log.push(`ReleaseMarshalData ${await readByte(stream)}`);
    },
    DisconnectObject: () => {
      log.push("DisconnectObject");
    },
  };
}

/** An object that goes by value: its packet is its number, its unmarshaler makes a copy. */
export function byValue(
  com: Com,
  value: number,
  log: string[],
  clsid: string = CLSID_ByValue,
): InterfacePointer<Of<typeof IProbe>> {
  return com.implement([IProbe, IMarshal], implementation(com, { value, log, clsid }));
}

/** Registers the unmarshaler, which tells `log` what it is asked. */
export function registerUnmarshaler(stage: Stage, log: string[]): void {
  stage.com.registerClass({
    clsid: CLSID_ByValue,
    threadingModel: "Both",
    interfaces: [IProbe, IMarshal],
    create: ({ com }) => {
      log.push(`created in ${com.apartment}`);
      return implementation(com, { value: 0, log });
    },
  });
}
