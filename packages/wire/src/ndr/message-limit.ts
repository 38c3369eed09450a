/** The longest message that is built or read, in bytes: 1 GiB. */
export const MAX_MESSAGE_BYTES = 0x40000000;
