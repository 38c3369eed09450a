/** Somebody, as far as security tells one from another: a plain value, told by its name (SEC-11). */
export interface Identity {
  readonly name: string;
  readonly [property: string]: unknown;
}

/** How a process is to run. */
export interface ProcessOptions {
  /** In whose name; in that of the process that opens it unless said otherwise. */
  readonly identity?: Identity;
}
