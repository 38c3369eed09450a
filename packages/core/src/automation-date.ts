// oxlint-disable no-restricted-globals -- Dates are converted here; the clock is never asked.

/** Which clock a DATE is read from: it does not say its time zone itself. */
export type DateZone = "utc" | "local";

const DAY_MS = 86_400_000;
/** Day 0 of a DATE: midnight of 30 December 1899. */
const EPOCH_MS = Date.UTC(1899, 11, 30);
/** 1 January 100, and the day after 31 December 9999 ([MS-OAUT] 2.2.25). */
const LEAST_DAY = -657_434;
const DAY_LIMIT = 2_958_466;

/**
 * A DATE: days since 30 December 1899. The whole part is the day, the *absolute* fraction the time
 * of that day, so -1.25 is 6:00 on 29 December 1899 and -0.25 the same as 0.25.
 *
 * It names no time zone; servers mean local time more often than not. Immutable.
 */
export class OleDate {
  /** The stored number, whatever it is. */
  readonly days: number;

  constructor(days: number) {
    if (typeof days !== "number") throw new TypeError("the days of a DATE must be a number");
    this.days = days;
    Object.freeze(this);
  }

  /**
   * The instant at which the clock of `zone` shows this day and time, to the millisecond.
   *
   * @throws RangeError outside the years 100 to 9999.
   */
  toDate(zone: DateZone): Date {
    checkZone(zone);
    const shownMs = shownMsOf(this.days);
    if (shownMs === null) throw outOfRange(String(this.days));
    const shown = new Date(shownMs);
    if (zone === "utc") return shown;
    return new Date(
      shown.getUTCFullYear(),
      shown.getUTCMonth(),
      shown.getUTCDate(),
      shown.getUTCHours(),
      shown.getUTCMinutes(),
      shown.getUTCSeconds(),
      shown.getUTCMilliseconds(),
    );
  }

  /** What the clock shows, without a time zone: `2024-02-29T12:00:00.000`. */
  toString(): string {
    const shownMs = shownMsOf(this.days);
    return shownMs === null ? `DATE(${this.days})` : new Date(shownMs).toISOString().slice(0, -1);
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * Makes a DATE of what the clock of `zone` shows at the instant `date`.
 *
 * @throws RangeError outside the years 100 to 9999, or when `date` is invalid.
 */
export function oleDate(date: Date, zone: DateZone): OleDate {
  checkZone(zone);
  const sinceMs = (zone === "utc" ? date.getTime() : localMs(date)) - EPOCH_MS;
  const day = Math.floor(sinceMs / DAY_MS);
  if (!(day >= LEAST_DAY && day < DAY_LIMIT)) throw outOfRange(String(date));
  const fraction = (sinceMs - day * DAY_MS) / DAY_MS;
  // The time of day moves away from zero, before 1899 too.
  return new OleDate(day < 0 ? day - fraction : day + fraction);
}

/** What the clock shows, as if it were UTC's; `null` out of range. */
function shownMsOf(days: number): number | null {
  const day = Math.trunc(days);
  if (!(day >= LEAST_DAY && day < DAY_LIMIT)) return null;
  return EPOCH_MS + day * DAY_MS + Math.round(Math.abs(days - day) * DAY_MS);
}

function localMs(date: Date): number {
  const shown = new Date(0);
  // Date.UTC would take the years 0 to 99 for those of the 20th century.
  shown.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  shown.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  return shown.getTime();
}

function checkZone(zone: DateZone): void {
  if (zone === "utc" || zone === "local") return;
  throw new TypeError("say which clock a DATE is read from: 'utc' or 'local'");
}

function outOfRange(what: string): RangeError {
  return new RangeError(`a DATE must be within the years 100 to 9999, got ${what}`);
}
