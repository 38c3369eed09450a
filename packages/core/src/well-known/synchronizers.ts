import { defineInterface, method, param } from "../interface.ts";
import { DWORD, pointerTo, ULONGLONG, unique } from "../type.ts";
import { ISynchronize, ISynchronizeHandle, IUnknown } from "../well-known.ts";

/** Puts an event of the caller's below a synchronization object (SYNC-16). */
export const ISynchronizeEvent = defineInterface({
  name: "ISynchronizeEvent",
  iid: "00000032-0000-0000-c000-000000000046",
  base: ISynchronizeHandle,
  methods: [method("SetEventHandle", [param.in("ph", unique(ULONGLONG))])],
});

/** Waits for any of several synchronization objects (SYNC-17, SYNC-18). */
export const ISynchronizeContainer = defineInterface({
  name: "ISynchronizeContainer",
  iid: "00000033-0000-0000-c000-000000000046",
  base: IUnknown,
  methods: [
    method("AddSynchronize", [param.in("pSync", pointerTo(ISynchronize))]),
    method("WaitMultiple", [
      param.in("dwFlags", DWORD),
      param.in("dwTimeOut", DWORD),
      param.out("ppSync", pointerTo(ISynchronize)),
    ]),
  ],
});

/** Declared in the headers, and implemented by no class (SYNC-36). */
export const ISynchronizeMutex = defineInterface({
  name: "ISynchronizeMutex",
  iid: "00000025-0000-0000-c000-000000000046",
  base: ISynchronize,
  methods: [method("ReleaseMutex", [])],
});
