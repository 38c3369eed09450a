import { expect, test } from "vitest";
import { NdrWriter, writeOrpcThat } from "../../../src/index.ts";
import { reply, request } from "../../calls.ts";
import { EXTENT } from "../call-bytes.ts";
import { runNdrdump } from "../run-tool.ts";
import { complexPing, simplePing } from "./exporter-calls.ts";

// ndrdump takes ComplexPing's OIDs for GUIDs and reads RemQueryInterface's ripid elsewhere.

function failureWithExtent(): Uint8Array {
  const writer = new NdrWriter();
  writeOrpcThat(writer, { flags: 0, extents: [EXTENT] });
  writer.writeUint32(0x80004005);
  return writer.bytes();
}

test.each<[target: string, bytes: Uint8Array, shown: RegExp]>([
  ["IOXIDResolver SimplePing in", request(simplePing, [0x1122334455667788n]), /0x1122334455667788/],
  [
    "IOXIDResolver ComplexPing in",
    request(complexPing, [1n, 7, 0, 0, null, null]),
    /SequenceNum +: 0x0007/,
  ],
  [
    "IOXIDResolver ComplexPing out",
    reply(complexPing, [5n, 3], { ins: [1n, 7, 0, 0, null, null] }),
    /PingBackoffFactor +: 0x0003/,
  ],
  ["IRemUnknown RemRelease out", failureWithExtent(), /0x80004005/],
])("ndrdump reads, and writes the same bytes: %s", (target, bytes, shown) => {
  const output = runNdrdump(target, bytes);

  expect(output).toContain("dump OK");
  expect(output).not.toMatch(/WARNING|unread bytes/i);
  expect(output).toMatch(shown);
});
