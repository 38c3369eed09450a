import {
  asyncOf,
  type Com,
  defineInterface,
  type IncomingCall,
  type Interface,
  type InterfacePointer,
  IUnknown,
  LONG,
  method,
  param,
  pointerTo,
} from "callfactory";
import type { Stage } from "../harness/stage.ts";

type StepMethods = { Step(n: number, other: StepPointer | null): number };

/** A pointer to something that can be told to take a step. */
export type StepPointer = InterfacePointer<StepMethods>;

/** One method, which does what a test wants, with another object at hand. */
export const IStep: Interface<StepMethods> = defineInterface({
  name: "IStep",
  iid: "6d1b7a52-0b1c-4d0e-9a57-50f6f3f5b2a0",
  asyncIid: "6d1b7a52-0b1c-4d0e-9a57-50f6f3f5b2a1",
  base: IUnknown,
  methods: [
    method("Step", [
      param.in("n", LONG),
      param.in(
        "other",
        pointerTo((): Interface<StepMethods> => IStep),
      ),
      param.retval("result", LONG),
    ]),
  ],
});

export const AsyncIStep = asyncOf(IStep);

/** What an object does when told to; the pointer is lent for the call. */
export type Taken = (
  n: number,
  other: StepPointer | null,
  call: IncomingCall,
) => number | Promise<number>;

/** An object in the apartment of `home`, as its own apartment has it. */
export function stepIn(stage: Stage, home: Com, take: Taken): StepPointer {
  return stage.hold(home.implement([IStep], { Step: take }));
}

/** `pointer` of the apartment `from`, in the apartment `to`. */
export async function passTo(
  stage: Stage,
  pointer: StepPointer,
  apartments: { readonly from: Com; readonly to: Com },
): Promise<StepPointer> {
  const packet = await apartments.from.marshal(pointer);
  return stage.hold(await apartments.to.unmarshal(packet, IStep));
}

/** An object in the apartment of `home`, as the apartment of `client` has it. */
export function stepFor(
  stage: Stage,
  apartments: { readonly home: Com; readonly client: Com },
  take: Taken,
): Promise<StepPointer> {
  const { home, client } = apartments;
  return passTo(stage, stepIn(stage, home, take), { from: home, to: client });
}
