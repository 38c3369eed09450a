import type { AutomationType } from "./automation-type.ts";
import type { AutomationValue } from "./automation-value.ts";
import type { Guid } from "./guid.ts";
import type { InterfacePointer } from "./pointer.ts";
import type {
  ArrayType,
  BoolType,
  BstrType,
  CharsType,
  EnumType,
  FloatType,
  GuidType,
  HyperType,
  IntType,
  InterfaceType,
  LazyType,
  PointerType,
  StringType,
  StructType,
  Type,
} from "./type.ts";
import type { UnionArm, UnionType } from "./union.ts";

/** The JavaScript type of a value of the descriptor type `T`; `unknown` when `T` is any type at all. */
export type Value<T extends Type> = Type extends T ? unknown : KnownValue<T>;

type KnownValue<T> = T extends IntType | FloatType
  ? number
  : T extends HyperType
    ? bigint
    : T extends BoolType
      ? boolean
      : T extends GuidType
        ? Guid
        : T extends EnumType<infer V>
          ? V
          : T extends StringType | BstrType
            ? string | null
            : T extends StructType<infer F>
              ? { -readonly [K in keyof F]: Value<F[K]> }
              : T extends ArrayType<infer E>
                ? ArrayValue<E>
                : T extends PointerType<infer P, infer K>
                  ? K extends "ref"
                    ? Value<P>
                    : Value<P> | null
                  : T extends InterfaceType<infer S>
                    ? InterfacePointer<S> | null
                    : T extends UnionType<infer D, infer A>
                      ? UnionValue<D, A[number]>
                      : T extends CharsType
                        ? string
                        : T extends LazyType<infer V>
                          ? V
                          : T extends AutomationType
                            ? AutomationValue<T>
                            : never;

/** One object type an arm; the tag of the default arm can be any value of the discriminant. */
type UnionValue<D extends Type, A> =
  A extends UnionArm<infer L, infer T> ? Arm<[L] extends [never] ? Value<D> : L, T> : never;

type Arm<L, T> = T extends Type ? { tag: L; value: Value<T> } : { tag: L; value?: undefined };

/** Arrays of numbers are typed arrays of exactly the element's kind; others are arrays. */
export type ArrayValue<E extends Type> =
  E extends IntType<infer B, infer S>
    ? IntArray<B, S>
    : E extends FloatType<infer B>
      ? B extends 4
        ? Float32Array
        : Float64Array
      : E extends HyperType<infer S>
        ? S extends true
          ? BigInt64Array
          : BigUint64Array
        : Value<E>[];

type IntArray<B extends 1 | 2 | 4, S extends boolean> = B extends 1
  ? S extends true
    ? Int8Array
    : Uint8Array
  : B extends 2
    ? S extends true
      ? Int16Array
      : Uint16Array
    : S extends true
      ? Int32Array
      : Uint32Array;
