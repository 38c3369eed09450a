let allowed: boolean | undefined;

/** Whether the platform lets us make functions of source; a strict content security policy does not. */
export function canGenerate(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function("return true")() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** Collects the constants and names of one generated function. */
export class Emitter {
  readonly #constants: unknown[] = [];
  #locals = 0;

  /** The name under which generated source finds `value`. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k${known < 0 ? this.#constants.push(value) - 1 : known}`;
  }

  /** A name that nothing else bears. */
  local(prefix: string): string {
    return `${prefix}${this.#locals++}`;
  }

  /** Makes a function with `parameters` of `body`. Only our own words and numbers get into it. */
  build(parameters: string, body: string): unknown {
    const names = this.#constants.map((_, i) => `k${i}`).join(", ");
    const source = `"use strict"; const [${names}] = k; return (${parameters}) => {\n${body}\n};`;
    return new Function("k", source)(this.#constants);
  }
}

/** `value.name`, whatever the name. */
export function property(value: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${value}.${name}` : `${value}[${quote(name)}]`;
}

/** A name as a key of an object literal. */
export function key(name: string): string {
  // As an ordinary key this one would set the prototype.
  return name === "__proto__" ? `[${quote(name)}]` : quote(name);
}

/** A string literal: JSON's are JavaScript's. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
