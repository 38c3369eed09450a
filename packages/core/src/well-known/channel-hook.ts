import { defineInterface, method, param } from "../interface.ts";
import { array, BYTE, DWORD, GUID, HRESULT, ULONG } from "../type.ts";
import { IUnknown } from "../well-known.ts";

const uExtent = param.in("uExtent", GUID);
const riid = param.in("riid", GUID);
const hrFault = param.in("hrFault", HRESULT);
/** What the other side sent; of no length when it sent nothing. */
const received = [
  param.in("cbDataSize", ULONG),
  param.in("pDataBuffer", array(BYTE, { sizeIs: "cbDataSize" })),
  param.in("lDataRep", DWORD),
] as const;
/** What is to be sent, and how much of it there is. */
const sent = [
  param.inout("pDataSize", ULONG),
  param.out("pDataBuffer", array(BYTE, { sizeIs: "pDataSize" })),
] as const;

/** Sends data of its own beside every call of the process, and hears the other side's (MAR-14). */
export const IChannelHook = defineInterface({
  name: "IChannelHook",
  iid: "1008c4a0-7613-11cf-9af1-0020af6e72f4",
  base: IUnknown,
  methods: [
    method("ClientGetSize", [uExtent, riid, param.out("pDataSize", ULONG)], "void"),
    method("ClientFillBuffer", [uExtent, riid, ...sent], "void"),
    method("ClientNotify", [uExtent, riid, ...received, hrFault], "void"),
    method("ServerNotify", [uExtent, riid, ...received], "void"),
    method("ServerGetSize", [uExtent, riid, hrFault, param.out("pDataSize", ULONG)], "void"),
    method("ServerFillBuffer", [uExtent, riid, ...sent, hrFault], "void"),
  ],
});
