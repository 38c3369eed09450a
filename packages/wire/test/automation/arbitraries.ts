import {
  BSTR,
  CHAR,
  Currency,
  CURRENCY,
  DATE,
  Decimal,
  DECIMAL,
  DOUBLE,
  FADF_FIXEDSIZE,
  FLOAT,
  HRESULT,
  IUnknown,
  LONG,
  LONGLONG,
  OleDate,
  pointerTo,
  SAFEARRAY,
  type SafeArray,
  safeArray,
  SHORT,
  type Type,
  typedArrayOf,
  typeOfVt,
  ULONGLONG,
  VARIANT,
  Variant,
  VARIANT_BOOL,
  VT_ARRAY,
  VT_BOOL,
  VT_BSTR,
  VT_BYREF,
  VT_CY,
  VT_DATE,
  VT_DECIMAL,
  VT_DISPATCH,
  VT_EMPTY,
  VT_ERROR,
  VT_I1,
  VT_I2,
  VT_I4,
  VT_I8,
  VT_INT,
  VT_NULL,
  VT_R4,
  VT_R8,
  VT_UI1,
  VT_UI2,
  VT_UI4,
  VT_UI8,
  VT_UINT,
  VT_UNKNOWN,
  VT_VARIANT,
} from "@callfactory/core";
import fc from "fast-check";
import { anyGuid, type Typed } from "../arbitraries.ts";

function int(bits: number, signed: boolean) {
  const min = signed ? -(2 ** (bits - 1)) : 0;
  return fc.integer({ min, max: min + 2 ** bits - 1 });
}

const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));
/** An interface pointer, for a host whose pointers are their own OBJREFs. */
const anyPointer = fc.option(fc.uint8Array({ minLength: 1, maxLength: 20 }));
const anyInt64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const anyUint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const anyDecimal = fc
  .record({
    negative: fc.boolean(),
    digits: fc.bigInt({ min: 0n, max: (1n << 96n) - 1n }),
    scale: fc.integer({ min: 0, max: 28 }),
  })
  .map((parts) => new Decimal(parts));

/** The values of every VARTYPE that holds no other. */
const VALUES: ReadonlyMap<number, fc.Arbitrary<unknown>> = new Map<number, fc.Arbitrary<unknown>>([
  [VT_I1, int(8, true)],
  [VT_UI1, int(8, false)],
  [VT_I2, int(16, true)],
  [VT_UI2, int(16, false)],
  [VT_I4, int(32, true)],
  [VT_UI4, int(32, false)],
  [VT_INT, int(32, true)],
  [VT_UINT, int(32, false)],
  [VT_ERROR, int(32, false)],
  [VT_I8, anyInt64],
  [VT_UI8, anyUint64],
  [VT_R4, fc.float()],
  [VT_R8, fc.double()],
  [VT_BOOL, fc.boolean()],
  [VT_CY, anyInt64.map((scaled) => new Currency(scaled))],
  [VT_DATE, fc.double().map((days) => new OleDate(days))],
  [VT_DECIMAL, anyDecimal],
  [VT_BSTR, fc.option(anyText)],
  [VT_UNKNOWN, anyPointer],
  [VT_DISPATCH, anyPointer],
]);

const SIMPLE = [...VALUES.keys()];
/** A SAFEARRAY has no room for DECIMALs on the wire. */
const ELEMENTS = SIMPLE.filter((vt) => vt !== VT_DECIMAL);

function of(vt: number, values: fc.Arbitrary<unknown>): fc.Arbitrary<Variant> {
  return values.map((value) => new Variant(vt, value));
}

function elements(
  vt: number,
  count: number,
  variants: fc.Arbitrary<unknown>,
): fc.Arbitrary<ArrayLike<unknown>> {
  const one = vt === VT_VARIANT ? variants : (VALUES.get(vt) as fc.Arbitrary<unknown>);
  const kind = typedArrayOf(typeOfVt(vt) as Type);
  return fc
    .array(one, { minLength: count, maxLength: count })
    .map((values) => (kind === null ? values : new kind(values as never)));
}

/** A SAFEARRAY that an array cannot stand for: of two dimensions, or not from 0 on. */
function oddArray(vt: number, variants: fc.Arbitrary<unknown>): fc.Arbitrary<SafeArray> {
  const isPointer = vt === VT_UNKNOWN || vt === VT_DISPATCH;
  return fc
    .record({
      rows: fc.integer({ min: 0, max: 3 }),
      columns: fc.integer({ min: 0, max: 3 }),
      lowerBound: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
      features: fc.constantFrom(0, FADF_FIXEDSIZE),
      iid: anyGuid,
    })
    .chain(({ rows, columns, lowerBound, features, iid }) =>
      elements(vt, rows * columns, variants).map((values) =>
        safeArray(vt, values, {
          bounds: [
            { lowerBound, elements: rows },
            { lowerBound: 1, elements: columns },
          ],
          features,
          ...(isPointer ? { iid } : {}),
        }),
      ),
    );
}

function arrays(vt: number, variants: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const plain = fc.integer({ min: 0, max: 4 }).chain((count) => elements(vt, count, variants));
  return fc.oneof(plain, oddArray(vt, variants), fc.constant(null));
}

const tree = fc.letrec<{ variant: Variant; flat: Variant }>((tie) => ({
  variant: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(new Variant(VT_EMPTY, undefined)),
    fc.constant(new Variant(VT_NULL, null)),
    tie("flat"),
    fc
      .constantFrom(...ELEMENTS, VT_VARIANT)
      .chain((vt) => of(VT_ARRAY | vt, arrays(vt, tie("variant")))),
    fc
      .constantFrom(...ELEMENTS, VT_VARIANT)
      .chain((vt) => of(VT_BYREF | VT_ARRAY | vt, arrays(vt, tie("variant")))),
    of(VT_BYREF | VT_VARIANT, tie("flat")),
  ),
  flat: fc
    .tuple(fc.constantFrom(...SIMPLE), fc.constantFrom(0, VT_BYREF))
    .chain(([vt, flags]) => of(vt | flags, VALUES.get(vt) as fc.Arbitrary<unknown>)),
}));

/** Any VARIANT. */
export const anyVariant: fc.Arbitrary<Variant> = tree.variant;

function safeArrayOf(element: Type, vt: number): Typed {
  return { type: SAFEARRAY(element), values: arrays(vt, anyVariant) };
}

/** Every type of OLE Automation, with its values. */
export const AUTOMATION: readonly Typed[] = [
  { type: VARIANT, values: anyVariant },
  { type: CURRENCY, values: VALUES.get(VT_CY) as fc.Arbitrary<unknown> },
  { type: DATE, values: VALUES.get(VT_DATE) as fc.Arbitrary<unknown> },
  { type: DECIMAL, values: anyDecimal },
  safeArrayOf(CHAR, VT_I1),
  safeArrayOf(SHORT, VT_I2),
  safeArrayOf(LONG, VT_I4),
  safeArrayOf(HRESULT, VT_ERROR),
  safeArrayOf(LONGLONG, VT_I8),
  safeArrayOf(ULONGLONG, VT_UI8),
  safeArrayOf(FLOAT, VT_R4),
  safeArrayOf(DOUBLE, VT_R8),
  safeArrayOf(VARIANT_BOOL, VT_BOOL),
  safeArrayOf(CURRENCY, VT_CY),
  safeArrayOf(DATE, VT_DATE),
  safeArrayOf(BSTR, VT_BSTR),
  safeArrayOf(VARIANT, VT_VARIANT),
  safeArrayOf(pointerTo(IUnknown), VT_UNKNOWN),
];
