import { defineInterface, method, param } from "../interface.ts";
import {
  array,
  BYTE,
  DWORD,
  GUID,
  LONGLONG,
  LPWSTR,
  pointerTo,
  struct,
  ULONG,
  ULONGLONG,
} from "../type.ts";
import { IUnknown } from "../well-known.ts";

/** Bytes read and written one after the other. */
export const ISequentialStream = defineInterface({
  name: "ISequentialStream",
  iid: "0c733a30-2a1c-11ce-ade5-00aa0044773d",
  base: IUnknown,
  methods: [
    method("Read", [
      param.out("pv", array(BYTE, { sizeIs: "cb", lengthIs: "pcbRead" })),
      param.in("cb", ULONG),
      param.out("pcbRead", ULONG),
    ]),
    method("Write", [
      param.in("pv", array(BYTE, { sizeIs: "cb" })),
      param.in("cb", ULONG),
      param.out("pcbWritten", ULONG),
    ]),
  ],
});

/** FILETIME: a time in units of 100 ns. */
export const FILETIME = struct("FILETIME", { dwLowDateTime: DWORD, dwHighDateTime: DWORD });

/** STATSTG: what a stream tells of itself. */
export const STATSTG = struct("STATSTG", {
  pwcsName: LPWSTR,
  type: DWORD,
  cbSize: ULONGLONG,
  mtime: FILETIME,
  ctime: FILETIME,
  atime: FILETIME,
  grfMode: DWORD,
  grfLocksSupported: DWORD,
  clsid: GUID,
  grfStateBits: DWORD,
  reserved: DWORD,
});

/** Origins of IStream::Seek. */
export const STREAM_SEEK_SET = 0;
export const STREAM_SEEK_CUR = 1;
export const STREAM_SEEK_END = 2;

/** Bytes with a seek pointer; what interface pointers are marshaled into (MAR-01). */
export const IStream = defineInterface({
  name: "IStream",
  iid: "0000000c-0000-0000-c000-000000000046",
  base: ISequentialStream,
  methods: [
    method("Seek", [
      param.in("dlibMove", LONGLONG),
      param.in("dwOrigin", DWORD),
      param.out("plibNewPosition", ULONGLONG),
    ]),
    method("SetSize", [param.in("libNewSize", ULONGLONG)]),
    method("CopyTo", [
      param.in("pstm", pointerTo(ISequentialStream)),
      param.in("cb", ULONGLONG),
      param.out("pcbRead", ULONGLONG),
      param.out("pcbWritten", ULONGLONG),
    ]),
    method("Commit", [param.in("grfCommitFlags", DWORD)]),
    method("Revert", []),
    method("LockRegion", [
      param.in("libOffset", ULONGLONG),
      param.in("cb", ULONGLONG),
      param.in("dwLockType", DWORD),
    ]),
    method("UnlockRegion", [
      param.in("libOffset", ULONGLONG),
      param.in("cb", ULONGLONG),
      param.in("dwLockType", DWORD),
    ]),
    method("Stat", [param.out("pstatstg", STATSTG), param.in("grfStatFlag", DWORD)]),
    method("Clone", [param.out("ppstm", pointerTo(IUnknown))]),
  ],
});
