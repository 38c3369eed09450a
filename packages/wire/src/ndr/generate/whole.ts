import {
  type ArrayType,
  type Type,
  type TypedArrayConstructor,
  typedArrayOf,
} from "@callfactory/core";
import { agree } from "../agreement.ts";
import type { Lookup } from "../codec.ts";
import { LEAST_COPIED_BYTES } from "../array-elements.ts";
import type { NdrReader } from "../ndr-reader.ts";
import type { Emitter } from "./emitter.ts";
import { type Layout, layoutOf, type Owner, type Targets } from "./layout.ts";

/** Finds what a name refers to among the values of the call; `null` when nothing bears it. */
export type Names = (name: string) => Lookup | null;

/** The source that writes and reads outermost constructs: parameters, and what pointers lead to. */
export class WholeSource implements Targets {
  readonly emitter: Emitter;
  readonly #names: Names;

  constructor(emitter: Emitter, names: Names) {
    this.emitter = emitter;
    this.#names = names;
  }

  write(type: Type, value: string, owner: Owner | null): string {
    if (type.kind === "pointer" && type.pointer === "ref") {
      return this.write(type.target, value, owner);
    }
    if (type.kind === "array") return this.#writeNumbers(type, value, owner);
    return this.#writeLayout(layoutOf(type, this), value);
  }

  read(type: Type, into: string, owner: Owner | null): string {
    if (type.kind === "pointer" && type.pointer === "ref") {
      return this.read(type.target, into, owner);
    }
    if (type.kind === "array") return this.#readNumbers(type, into, owner);
    return this.#readLayout(layoutOf(type, this), into);
  }

  #writeLayout(layout: Layout, value: string): string {
    const { alignment, sizeBytes, gaps } = layout;
    const base = this.emitter.local("o");
    const whole = this.emitter.local("x");
    return `{
const ${whole} = ${value};
const ${base} = w.reserve(${alignment}, ${sizeBytes});
v = w.view; raw = w.raw;
${clear(gaps, base)}
${layout.put({ base, offset: 0 }, whole)}
${layout.putReferents?.(whole) ?? ""}
}`;
  }

  #readLayout(layout: Layout, into: string): string {
    const { alignment, sizeBytes } = layout;
    const base = this.emitter.local("o");
    const { inline, referents, value } = layout.take({ base, offset: 0 });
    return `{
const ${base} = r.take(${alignment}, ${sizeBytes});
${inline}
${referents}
${into} = ${value};
}`;
  }

  /** A conformant array of numbers: max_count, then the elements. Other arrays are not generated. */
  #writeNumbers(type: ArrayType, value: string, owner: Owner | null): string {
    const parts = this.#numbers(type, owner);
    const { kind, size, element } = parts;
    const [array, count, base, i] = ["a", "n", "o", "i"].map((p) => this.emitter.local(p));
    const check = this.emitter.constant(checkNumbers);
    const counted = this.emitter.constant(countOf);
    return `{
const ${array} = ${value};
const ${count} = ${counted}(${parts.extent}, ${array}.length);
${check}(${array}, ${kind}, ${count});
if (${count} * ${size} >= ${LEAST_COPIED_BYTES}) {
w.writeUint32(${count});
w.writeTypedArray(${array}, ${count});
} else {
const ${base} = w.reserveCounted(${count}, ${size});
v = w.view;
for (let ${i} = 0; ${i} < ${count}; ${i}++) {
${element.put({ base: `${base} + ${i} * ${size}`, offset: 0 }, `${array}[${i}]`)}
}
}
}`;
  }

  #readNumbers(type: ArrayType, into: string, owner: Owner | null): string {
    const parts = this.#numbers(type, owner);
    const { kind, size, element } = parts;
    const [count, base, i] = ["m", "o", "i"].map((p) => this.emitter.local(p));
    return `{
const ${count} = r.readUint32();
${parts.agree(count as string)}
if (${count} * ${size} >= ${LEAST_COPIED_BYTES}) ${into} = r.readTypedArray(${kind}, ${count});
else {
const ${base} = r.take(${size}, ${count} * ${size});
${into} = new ${kind}(${count});
for (let ${i} = 0; ${i} < ${count}; ${i}++) {
${into}[${i}] = ${element.take({ base: `${base} + ${i} * ${size}`, offset: 0 }).value};
}
}
}`;
  }

  #numbers({ element, bound }: ArrayType, owner: Owner | null): NumberArray {
    const kind = typedArrayOf(element) as TypedArrayConstructor;
    const sizeIs = bound.sizeIs as string;
    const { emitter } = this;
    const common = {
      kind: emitter.constant(kind),
      size: kind.BYTES_PER_ELEMENT,
      element: layoutOf(element, this),
    };
    const sibling = owner?.(sizeIs) ?? null;
    if (sibling !== null) {
      const same = emitter.constant(agreeNow);
      return { ...common, extent: sibling, agree: (count) => `${same}(r, ${count}, ${sibling});` };
    }
    // The codec that was compiled before has found every name.
    const found = emitter.constant(this.#names(sizeIs));
    const later = emitter.constant(agree);
    return {
      ...common,
      extent: `${found}(s)`,
      agree: (count) => `${later}(r, s, ${count}, ${found}, "size_is");`,
    };
  }
}

/** Zeroes padding, four bytes at once where it can. */
function clear(gaps: readonly number[], base: string): string {
  const statements: string[] = [];
  for (let i = 0; i < gaps.length; i++) {
    const gap = gaps[i] as number;
    const isWord = gap % 4 === 0 && gaps[i + 3] === gap + 3;
    statements.push(
      isWord ? `v.setUint32(${base} + ${gap}, 0, true);` : `raw[${base} + ${gap}] = 0;`,
    );
    if (isWord) i += 3;
  }
  return statements.join(" ");
}

interface NumberArray {
  /** The constant that holds the typed array's constructor. */
  readonly kind: string;
  readonly size: number;
  readonly element: Layout;
  /** The value of size_is when writing. */
  readonly extent: string;
  /** Compares a max_count that was read with size_is. */
  agree(count: string): string;
}

/** The count that an extent says, or what is at hand. */
function countOf(extent: unknown, otherwise: number): number {
  if (typeof extent !== "number" && typeof extent !== "bigint") return otherwise;
  const count = Number(extent);
  if (!(count >= 0 && count <= 0xffffffff)) throw new RangeError(`an extent of ${count}`);
  return count;
}

function checkNumbers(values: unknown, kind: new () => ArrayLike<unknown>, count: number): void {
  if (!(values instanceof kind)) throw new TypeError(`not a ${kind.name}`);
  if (values.length < count) {
    throw new RangeError(`${values.length} elements, fewer than ${count}`);
  }
}

function agreeNow(reader: NdrReader, count: number, said: unknown): void {
  if (Number(said) !== count) reader.fail(`size_is is ${String(said)}, the bytes say ${count}`);
}
