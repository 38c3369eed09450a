import assert from "node:assert/strict";
import {
  coAuthIdentity,
  E_INVALIDARG,
  E_NOINTERFACE,
  EOAC_DYNAMIC_CLOAKING,
  EOAC_NONE,
  EOAC_SECURE_REFS,
  EOAC_STATIC_CLOAKING,
  RPC_C_AUTHN_LEVEL_CONNECT,
  RPC_C_AUTHN_LEVEL_DEFAULT,
  RPC_C_AUTHN_LEVEL_NONE,
  RPC_C_AUTHN_LEVEL_PKT,
  RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
  RPC_C_AUTHN_NONE,
  RPC_C_AUTHN_WINNT,
  RPC_C_AUTHZ_NONE,
  RPC_C_IMP_LEVEL_DEFAULT,
  RPC_C_IMP_LEVEL_IDENTIFY,
  RPC_C_IMP_LEVEL_IMPERSONATE,
  RPC_E_TOO_LATE,
} from "callfactory";
import { type ConformanceTest, conformance } from "../harness/define.ts";
import { assertFails, hrOf } from "../harness/hr.ts";
import { IWorker } from "./call-worker.ts";
import { SECURE, serveDeed, setBlanket } from "./sec-witness.ts";

const DEFAULTS = {
  pwAuthnSvc: RPC_C_AUTHN_WINNT,
  pAuthzSvc: RPC_C_AUTHZ_NONE,
  pServerPrincName: null,
  pAuthnLevel: RPC_C_AUTHN_LEVEL_CONNECT,
  pImpLevel: RPC_C_IMP_LEVEL_IDENTIFY,
  pCapabilites: EOAC_NONE,
};

/** What SetBlanket refuses. */
const REFUSED = [
  {
    what: "credentials together with cloaking",
    settings: { authInfo: coAuthIdentity("alice"), capabilities: EOAC_DYNAMIC_CLOAKING },
  },
  {
    what: "both kinds of cloaking at once",
    settings: { capabilities: EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING },
  },
  { what: "a capability of processes", settings: { capabilities: EOAC_SECURE_REFS } },
  {
    what: "level none with an authentication service",
    settings: { authnSvc: RPC_C_AUTHN_WINNT, authnLevel: RPC_C_AUTHN_LEVEL_NONE },
  },
  { what: "an authentication level that does not exist", settings: { authnLevel: 7 } },
  { what: "an impersonation level that does not exist", settings: { impLevel: 5 } },
] as const;

/** What a process may not say of itself. */
const REFUSED_OF_PROCESS = [
  { what: "an authentication level that does not exist", args: [7, 0, 0] },
  { what: "an impersonation level that does not exist", args: [0, 5, 0] },
  {
    what: "both kinds of cloaking at once",
    args: [0, 0, EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING],
  },
  { what: "a capability that does not exist", args: [0, 0, 0x8000] },
  {
    what: "secure references without authentication",
    args: [RPC_C_AUTHN_LEVEL_NONE, 0, EOAC_SECURE_REFS],
  },
] as const;

/** What blankets are, where they come from, and what they cannot be. */
export const secBlanket: readonly ConformanceTest[] = [
  conformance("SEC-14", "a new proxy has the defaults of the system", SECURE, async (stage) => {
    const worker = await serveDeed(stage, () => {});

    const blanket = await stage.com.functions.CoQueryProxyBlanket(worker);

    assert.deepEqual(blanket, DEFAULTS);
  }),

  conformance(
    "SEC-14",
    "a new proxy starts with what the process was initialized with",
    SECURE,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoInitializeSecurity(
        RPC_C_AUTHN_LEVEL_PKT,
        RPC_C_IMP_LEVEL_IMPERSONATE,
        EOAC_DYNAMIC_CLOAKING,
      );

      const worker = await serveDeed(stage, () => {});

      assert.deepEqual(await functions.CoQueryProxyBlanket(worker), {
        ...DEFAULTS,
        pAuthnLevel: RPC_C_AUTHN_LEVEL_PKT,
        pImpLevel: RPC_C_IMP_LEVEL_IMPERSONATE,
        pCapabilites: EOAC_DYNAMIC_CLOAKING,
      });
    },
  ),

  conformance(
    "SEC-14",
    "a process that leaves the levels to COM gets those of the system",
    SECURE,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoInitializeSecurity(
        RPC_C_AUTHN_LEVEL_DEFAULT,
        RPC_C_IMP_LEVEL_DEFAULT,
        EOAC_NONE,
      );

      const worker = await serveDeed(stage, () => {});

      assert.deepEqual(await functions.CoQueryProxyBlanket(worker), DEFAULTS);
    },
  ),

  conformance(
    "SEC-14",
    "a process that wants no authentication has no service for it either",
    SECURE,
    async (stage) => {
      const { functions } = stage.com;
      await functions.CoInitializeSecurity(
        RPC_C_AUTHN_LEVEL_NONE,
        RPC_C_IMP_LEVEL_DEFAULT,
        EOAC_NONE,
      );

      const worker = await serveDeed(stage, () => {});

      const blanket = await functions.CoQueryProxyBlanket(worker);
      assert.equal(blanket.pwAuthnSvc, RPC_C_AUTHN_NONE);
      assert.equal(blanket.pAuthnLevel, RPC_C_AUTHN_LEVEL_NONE);
    },
  ),

  conformance("SEC-14", "CoInitializeSecurity works once", SECURE, async (stage) => {
    const { functions } = stage.com;
    await functions.CoInitializeSecurity(0, 0, EOAC_NONE);

    const hr = await hrOf(functions.CoInitializeSecurity(0, 0, EOAC_NONE));

    assert.equal(hr, RPC_E_TOO_LATE);
  }),

  conformance(
    "SEC-14",
    "CoInitializeSecurity comes too late after the first proxy",
    SECURE,
    async (stage) => {
      await serveDeed(stage, () => {});

      const hr = await hrOf(stage.com.functions.CoInitializeSecurity(0, 0, EOAC_NONE));

      assert.equal(hr, RPC_E_TOO_LATE);
    },
  ),

  ...REFUSED_OF_PROCESS.map(({ what, args: [level, impLevel, flags] }) =>
    conformance("SEC-14", `CoInitializeSecurity refuses ${what}`, SECURE, async (stage) => {
      const { functions } = stage.com;

      await assertFails(functions.CoInitializeSecurity(level, impLevel, flags), E_INVALIDARG);

      // It has not counted as the one time.
      await functions.CoInitializeSecurity(0, 0, EOAC_NONE);
    }),
  ),

  ...REFUSED.map(({ what, settings }) =>
    conformance("SEC-15", `SetBlanket refuses ${what}`, SECURE, async (stage) => {
      const worker = await serveDeed(stage, () => {});

      await assertFails(setBlanket(stage.com, worker, settings), E_INVALIDARG);

      const blanket = await stage.com.functions.CoQueryProxyBlanket(worker);
      assert.deepEqual(blanket, DEFAULTS);
    }),
  ),

  conformance(
    "SEC-15",
    "SetBlanket takes the defaults for what is left to COM",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, () => {});
      await setBlanket(stage.com, worker, { authnLevel: RPC_C_AUTHN_LEVEL_PKT_PRIVACY });

      await setBlanket(stage.com, worker, {});

      assert.deepEqual(await stage.com.functions.CoQueryProxyBlanket(worker), DEFAULTS);
    },
  ),

  conformance(
    "SEC-15",
    "SetBlanket with NULL keeps the principal name that was set",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, () => {});
      await setBlanket(stage.com, worker, { serverPrincName: "HOST/server" });

      await setBlanket(stage.com, worker, { serverPrincName: null });

      const { pServerPrincName } = await stage.com.functions.CoQueryProxyBlanket(worker);
      assert.equal(pServerPrincName, "HOST/server");
    },
  ),

  conformance(
    "SEC-15",
    "without an authentication service there is no authentication at any level",
    SECURE,
    async (stage) => {
      const worker = await serveDeed(stage, () => {});

      await setBlanket(stage.com, worker, {
        authnSvc: RPC_C_AUTHN_NONE,
        authnLevel: RPC_C_AUTHN_LEVEL_PKT,
      });

      const { pAuthnLevel } = await stage.com.functions.CoQueryProxyBlanket(worker);
      assert.equal(pAuthnLevel, RPC_C_AUTHN_LEVEL_NONE);
    },
  ),

  conformance("SEC-15", "an object in the same apartment has no blanket", SECURE, async (stage) => {
    const { functions } = stage.com;
    const pointer = stage.hold(stage.com.implement([IWorker], { Work: (value) => value }));

    await assertFails(functions.CoQueryProxyBlanket(pointer), E_NOINTERFACE);

    await assertFails(functions.CoQueryProxyBlanket(null), E_INVALIDARG);
  }),
];
