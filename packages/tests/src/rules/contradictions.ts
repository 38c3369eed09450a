/** A disagreement or a gap between sources, and what the rules make of it. */
export interface Contradiction {
  readonly issue: string;
  readonly policy: string;
}

/** The disagreements between sources, by permanent ID. */
export const CONTRADICTIONS = {
  "E-01": {
    issue:
      "The guide makes a marshaled client's call factory depend on the server object's own ICallFactory; the IPipeByte server of the blog, the event sink of the SDK sample and Mozilla's code get one from proxies of objects that have none.",
    policy:
      "The proxy manager supplies ICallFactory on every standard proxy. Only direct pointers behave as the guide says.",
  },
  "E-02": {
    issue:
      "The guide names RPC_E_CALL_PENDING, which no header defines; the samples return RPC_S_CALLPENDING.",
    policy: "The code is 0x80010115, and its name is RPC_S_CALLPENDING.",
  },
  "E-03": {
    issue:
      "The guide forbids Finish_ before Wait has returned S_OK; the blog and the samples call it at once and rely on it to wait.",
    policy: "Finish_ is allowed at any time after Begin_, and blocks until the call completes.",
  },
  "E-04": {
    issue:
      "For a Wait that times out the guide names RPC_E_TIMEOUT and the reference page RPC_E_CALLPENDING, which does not exist; the blog, the samples, Mozilla's code and Wine's tests of the function below it all see RPC_S_CALLPENDING.",
    policy:
      "Wait returns RPC_S_CALLPENDING. WaitMultiple, for which only a page naming RPC_E_TIMEOUT exists, is expected to do the same (SYNC-19).",
  },
  "E-05": {
    issue:
      "The guide has the server signal just before it returns from Begin_; the samples signal from a worker or a timer long after.",
    policy: "The server signals at any time from the start of Begin_ on.",
  },
  "E-06": {
    issue:
      "The result of a canceled call is spelled RPC_S_CALL_CANCELED, RPC_E_CALLCANCELED and RPC_E_CALL_CANCELED by different pages and samples; only the last is defined.",
    policy: "The code is 0x80010002, and its name is RPC_E_CALL_CANCELED.",
  },
  "E-07": {
    issue:
      "No source says what happens when a server's Begin_ fails without having signaled; a sample only says that its HRESULT is not what the client sees.",
    policy: "The call completes with the HRESULT of Begin_, and Finish_ is not called.",
  },
  "E-08": {
    issue:
      "The page of CoDisableCallCancellation gives CO_E_CANCEL_DISABLED for a thread whose calls are still cancelable, the opposite of what the name says.",
    policy: "Disabling without a matching CoEnableCallCancellation is what returns the code.",
  },
  "E-09": {
    issue:
      "Message filters are documented not to reject asynchronous calls, but that text is about notifications; the request of a Begin_ cannot be told from that of a synchronous call.",
    policy:
      "A server's message filter sees an ordinary top-level call and may reject it. The client's retry policy is not consulted, and Finish_ returns the rejection.",
  },
  "E-10": {
    issue: "No source says which causality ID an asynchronous call carries.",
    policy: "A Begin_ made outside any call carries a fresh causality ID.",
  },
  "E-11": {
    issue:
      "Two guide pages turn asynchronous calls into synchronous ones in multithreaded apartments; the SDK sample and the blog make them from there.",
    policy: "The sentence is about notifications alone. Call objects work in every apartment.",
  },
  "E-12": {
    issue:
      "For calls after CoDisconnectObject the reference gives CO_E_OBJNOTCONNECTED; an experienced implementer reports RPC_E_DISCONNECTED.",
    policy:
      "A call through an existing proxy returns RPC_E_DISCONNECTED; unmarshaling a stale packet returns CO_E_OBJNOTCONNECTED.",
  },
  "E-13": {
    issue:
      "The reference page of the Interface key knows neither AsynchronousInterface nor SynchronousInterface; Chromium writes the first alone and works.",
    policy: "Registration writes both; only AsynchronousInterface is required.",
  },
  "E-14": {
    issue:
      "The guide and the page of CoTestCancel limit cancel objects to synchronous calls, while call objects offer ICancelMethodCalls.",
    policy:
      "There are two mechanisms: cancel objects registered with a thread, for synchronous calls, and ICancelMethodCalls of a call object, for its asynchronous call.",
  },
  "E-15": {
    issue:
      "For a riid that a factory does not serve, and for wrong aggregation, the reference and one sample say E_NOINTERFACE and another sample E_INVALIDARG.",
    policy:
      "From an object's own factory any failure counts; a proxy's factory returns E_NOINTERFACE for a riid without a counterpart.",
  },
  "E-16": {
    issue: "No source says whether a call object takes over the security blanket of its proxy.",
    policy: "A client that needs a blanket sets it on the call object.",
  },
  "E-17": {
    issue:
      "No source describes Finish_ of another method than the one begun, Cancel and TestCancel on an idle call object, repeated or NULL arguments to SetEventHandle, or whether a container drops what it returns.",
    policy:
      "Each is an error or effect that leaves a pending call undisturbed, as FIN-07, CAN-08, SYNC-16 and SYNC-21 state, until Windows says otherwise.",
  },
  "E-18": {
    issue:
      "Whether Signal in a single-threaded client runs on its apartment's thread or on one of the RPC runtime's is nowhere said in so many words.",
    policy:
      "An outer object that is not agile is signaled in its apartment, when that pumps; the call object's own event is set at once, without pumping.",
  },
  "E-19": {
    issue:
      "The MSDN Magazine article of April 2000 on asynchronous method calls is sometimes credited to Don Box.",
    policy: "Its author is Jeff Prosise; no rule depends on more than its opening.",
  },
  "E-20": {
    issue: "Parts 3 and 5 of the blog series were not available to this catalogue.",
    policy: "No rule rests on them: what they are likely to treat is inferred.",
  },
} as const satisfies Record<`E-${string}`, Contradiction>;

/** The ID of a disagreement between sources. */
export type ContradictionId = keyof typeof CONTRADICTIONS;
