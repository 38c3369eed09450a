import type { ConformanceTest } from "../harness/define.ts";
import { act } from "./act.ts";
import { aggClient } from "./agg-client.ts";
import { aggEvents } from "./agg-events.ts";
import { aggServer } from "./agg-server.ts";
import { aptCausality } from "./apt-causality.ts";
import { aptFilter } from "./apt-filter.ts";
import { aptFilterMessages } from "./apt-filter-messages.ts";
import { aptFilterRetry } from "./apt-filter-retry.ts";
import { aptNeutral } from "./apt-neutral.ts";
import { aptInit } from "./apt-init.ts";
import { aptThreads, callAffinity } from "./apt-threads.ts";
import { beg } from "./beg.ts";
import { begPending } from "./beg-pending.ts";
import { begServer } from "./beg-server.ts";
import { call } from "./call.ts";
import { callAggregation } from "./call-aggregation.ts";
import { callObject } from "./call-object.ts";
import { callStates } from "./call-states.ts";
import { callTraffic } from "./call-traffic.ts";
import { can } from "./can.ts";
import { canLateReply } from "./can-late-reply.ts";
import { canServer } from "./can-server.ts";
import { canSync } from "./can-sync.ts";
import { canSyncEdges } from "./can-sync-edges.ts";
import { canSyncEnable } from "./can-sync-enable.ts";
import { canSyncFilter } from "./can-sync-filter.ts";
import { canSyncMarshaler } from "./can-sync-marshaler.ts";
import { canSyncMatrix } from "./can-sync-matrix.ts";
import { canSyncObject } from "./can-sync-object.ts";
import { conv } from "./conv.ts";
import { convIdentity } from "./conv-identity.ts";
import { convMultiQi } from "./conv-multi-qi.ts";
import { convRelease } from "./conv-release.ts";
import { disc } from "./disc.ts";
import { discAsyncForm } from "./disc-async-form.ts";
import { evt } from "./evt.ts";
import { evtEnding } from "./evt-ending.ts";
import { evtFiring } from "./evt-firing.ts";
import { fin } from "./fin.ts";
import { finOwnership } from "./fin-ownership.ts";
import { finResults } from "./fin-results.ts";
import { fnf } from "./fnf.ts";
import { git } from "./git.ts";
import { lifeCall } from "./life-call.ts";
import { lifeConnections } from "./life-connections.ts";
import { lifeProcess } from "./life-process.ts";
import { marAgile } from "./mar-agile.ts";
import { marCustom } from "./mar-custom.ts";
import { marErrorInfo } from "./mar-error-info.ts";
import { marHooks } from "./mar-hooks.ts";
import { marPackets } from "./mar-packets.ts";
import { marReferences } from "./mar-references.ts";
import { marStreams } from "./mar-streams.ts";
import { marWire } from "./mar-wire.ts";
import { rot } from "./rot.ts";
import { sec } from "./sec.ts";
import { secAsync } from "./sec-async.ts";
import { secBlanket } from "./sec-blanket.ts";
import { secCloaking } from "./sec-cloaking.ts";
import { secContext } from "./sec-context.ts";
import { secLevels } from "./sec-levels.ts";
import { secServer } from "./sec-server.ts";
import { inp } from "./inp.ts";
import { lifeApartment } from "./life-apartment.ts";
import { not } from "./not.ts";
import { notCalls } from "./not-calls.ts";
import { srv } from "./srv.ts";
import { srvFailures } from "./srv-failures.ts";
import { idl } from "./idl.ts";
import { idlTypes } from "./idl-types.ts";
import { idlValues } from "./idl-values.ts";
import { reg } from "./reg.ts";
import { sync } from "./sync.ts";
import { trace } from "./trace.ts";

/** All conformance tests, in the order of the catalogue. */
export const CONFORMANCE_TESTS: readonly ConformanceTest[] = [
  ...disc,
  ...discAsyncForm,
  ...call,
  ...callAggregation,
  ...callObject,
  ...callTraffic,
  ...callAffinity,
  ...beg,
  ...begPending,
  ...begServer,
  ...finResults,
  ...fin,
  ...finOwnership,
  ...fnf,
  ...sync,
  ...aggEvents,
  ...aggClient,
  ...srv,
  ...aggServer,
  ...conv,
  ...convIdentity,
  ...convRelease,
  ...convMultiQi,
  ...can,
  ...canServer,
  ...canLateReply,
  ...canSyncEnable,
  ...canSync,
  ...canSyncObject,
  ...canSyncMarshaler,
  ...canSyncMatrix,
  ...canSyncFilter,
  ...sec,
  ...secContext,
  ...secServer,
  ...secAsync,
  ...secBlanket,
  ...secCloaking,
  ...secLevels,
  ...aptInit,
  ...aptThreads,
  ...aptCausality,
  ...aptNeutral,
  ...aptFilter,
  ...aptFilterRetry,
  ...aptFilterMessages,
  ...not,
  ...notCalls,
  ...inp,
  ...lifeApartment,
  ...act,
  ...evt,
  ...evtFiring,
  ...evtEnding,
  ...canSyncEdges,
  ...callStates,
  ...srvFailures,
  ...trace,
  ...marPackets,
  ...marReferences,
  ...marStreams,
  ...marCustom,
  ...marAgile,
  ...marWire,
  ...marErrorInfo,
  ...marHooks,
  ...lifeCall,
  ...lifeConnections,
  ...lifeProcess,
  ...git,
  ...reg,
  ...idl,
  ...idlTypes,
  ...idlValues,
  ...rot,
];
