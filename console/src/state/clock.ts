/** Instants and the clocks of zones. A clock's reading is `2026-11-26T14:05`, as fields for dates and times have it. */

import type { Instant } from "../api/contract.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const digits = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-CA", { ...digits, timeZone: zone, hourCycle: "h23" });
    formats.set(zone, format);
  }
  return format;
}

/** What a zone's clock shows at an instant. */
export function reading(instant: Instant | number, zone: string): string {
  const parts = new Map(formatIn(zone).formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

/** What a clock's reading means: it may be shown twice, or never. */
export interface Moment {
  instant: Instant;
  kind: "once" | "twice" | "skipped";
}

/** The instant at which a zone's clock shows this: of two the first or the last, and the one after a gap. */
export function momentAt(clock: string, zone: string, which: "first" | "last" = "first"): Moment {
  const asIfUtc = Date.parse(`${clock}Z`);
  const offsetAt = (instant: number) => Date.parse(`${reading(instant, zone)}Z`) - instant;
  const candidates = [...new Set([offsetAt(asIfUtc - DAY_MS), offsetAt(asIfUtc + DAY_MS)])].map((offset) => asIfUtc - offset).sort((a, b) => a - b);
  const exact = candidates.filter((instant) => reading(instant, zone) === clock);
  const found = (which === "first" ? exact[0] : exact.at(-1)) ?? Math.max(...candidates);
  return { instant: new Date(found).toISOString(), kind: exact.length > 1 ? "twice" : exact.length === 1 ? "once" : "skipped" };
}

/** The instant at which a zone's clock shows this; the first of two, and the one after a gap. */
export const instantOf = (clock: string, zone: string): Instant => momentAt(clock, zone).instant;

export const dateOf = (clock: string) => clock.slice(0, 10);
export const timeOf = (clock: string) => clock.slice(11, 16);

/** Minutes since the clock showed midnight. */
export function minutesOf(clock: string): number {
  return Number(clock.slice(11, 13)) * 60 + Number(clock.slice(14, 16));
}

export function clockOf(date: string, minutes: number): string {
  const two = (count: number) => String(count).padStart(2, "0");
  return `${date}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export function dayAfter(date: string, days = 1): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  const weekday = (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;
  return dayAfter(date, -weekday);
}

/** Whether the browser's language has twelve hours, twice a day. */
export const isTwelveHours = ["h11", "h12"].includes(new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hourCycle ?? "h23");

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A date of this year or the next as one says it: `Thu 26 Nov`. */
export function dayName(date: string): string {
  const day = new Date(`${date}T00:00Z`);
  return `${WEEKDAYS[day.getUTCDay()]} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

/** A date in the page's notation: `26 Nov 2026`. */
export const sayDate = (date: string) => `${Number(date.slice(8, 10))} ${MONTHS[Number(date.slice(5, 7)) - 1]} ${date.slice(0, 4)}`;

/** A time of day, `08:30` or `08:30:05`, as the browser's language has it. */
export function sayTime(time: string): string {
  if (!isTwelveHours) return time;
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 || 12}${time.slice(2)} ${hour < 12 ? "AM" : "PM"}`;
}

/** The end of a day. */
export const MIDNIGHT = isTwelveHours ? "midnight" : "24:00";
/** An hour, for the edge of a calendar. */
export const sayHour = (hour: number) => (isTwelveHours ? `${hour % 12 || 12} ${hour % 24 < 12 ? "AM" : "PM"}` : String(hour));

/** What a clock shows, in the page's notation: `26 Nov 2026, 14:05`. */
export const sayClock = (clock: string) => `${sayDate(clock)}, ${sayTime(clock.slice(11))}`;

/** A sentence with its dates, and the times that follow them, in the page's notation. */
export function sayDates(sentence: string): string {
  const dated = /\b(\d{4}-\d{2}-\d{2})(?:( at | )(\d{2}:\d{2})(?![\d:-]))?(?![\d-])/g;
  return sentence.replaceAll(dated, (_, date: string, between?: string, time?: string) => `${sayDate(date)}${between ?? ""}${time === undefined ? "" : sayTime(time)}`);
}

/** An instant on a zone's clock. Where the clock shows this twice that night, it is said which of both it is: `EST`. */
export function sayInstant(instant: Instant | number, zone: string, hasSeconds = false): string {
  const clock = reading(instant, zone);
  const isTwice = momentAt(clock, zone).kind === "twice";
  return `${sayClock(hasSeconds ? `${clock}:${secondOf(instant)}` : clock)}${isTwice ? ` ${shortZone(instant, zone)}` : ""}`;
}

const secondOf = (instant: Instant | number) => new Date(instant).toISOString().slice(17, 19);

function shortZone(instant: Instant | number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(new Date(instant));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** A clock's reading with its zone, and what one has to know of it. */
export function explainClock(clock: string, zone: string, which: "first" | "last" = "first"): string {
  const { instant, kind } = momentAt(clock, zone, which);
  const said = `${sayInstant(instant, zone)} in ${zone}`;
  switch (kind) {
    case "once":
      return said;
    case "skipped":
      return `${said}: the clock skips ${sayTime(timeOf(clock))} that night`;
    case "twice":
      return `${said}, the ${which} of two: the clock is put back that night`;
  }
}

/** How long ago, in the unit that one would say. */
export function ago(instant: Instant | number, now = Date.now()): string {
  const minutes = Math.round((now - new Date(instant).getTime()) / MINUTE_MS);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 36 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} days ago`;
}

/** The reader's own zone. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** A zone by its city, as one says it: `New York`. */
export const cityOf = (zone: string) => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
