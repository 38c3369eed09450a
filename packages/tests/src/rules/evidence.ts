/** A kind of evidence: its tag stands before the colon of a {@link Source}. */
export interface EvidenceKind {
  readonly title: string;
  /** Whether such a source shows code that ran against COM, or describes it. */
  readonly shows: "behavior" | "description";
}

/** The kinds of evidence by tag, those that say most about actual behaviour first. */
export const EVIDENCE = {
  W: {
    title:
      "Wine's conformance tests, which its authors check on Windows, and its IDL compiler, widl",
    shows: "behavior",
  },
  S: { title: "sample programs of the Microsoft Platform SDK (samples/Com)", shows: "behavior" },
  B: {
    title:
      'Raymond Chen, The Old New Thing: a number is a part of "COM asynchronous interfaces" (February 2022), a date is another article',
    shows: "behavior",
  },
  M: { title: "other published programs that use COM's real implementation", shows: "behavior" },
  D: {
    title:
      "Microsoft's reference: D:com/x and D:midl/x are guide pages, D:api x is the page of a function, method or enumeration",
    shows: "description",
  },
  P: { title: "the open specification [MS-DCOM]", shows: "description" },
  H: { title: "Windows headers and metadata", shows: "description" },
} as const satisfies Record<string, EvidenceKind>;

/** The tag of a kind of evidence. */
export type EvidenceTag = keyof typeof EVIDENCE;

/** A citation: the tag of its kind, a colon, and the place. */
export type Source = `${EvidenceTag}:${string}`;
