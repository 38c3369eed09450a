/** Whether typed arrays have the byte order of the wire, so that they can be copied whole. */
export const LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
