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

/** The instant at which a zone's clock shows this; the first of two, and the one after a gap. */
export function instantOf(clock: string, zone: string): Instant {
  const asIfUtc = Date.parse(`${clock}Z`);
  const offsetAt = (instant: number) => Date.parse(`${reading(instant, zone)}Z`) - instant;
  const candidates = [offsetAt(asIfUtc - DAY_MS), offsetAt(asIfUtc + DAY_MS)].map((offset) => asIfUtc - offset);
  const exact = candidates.find((instant) => reading(instant, zone) === clock);
  return new Date(exact ?? Math.max(...candidates)).toISOString();
}

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

/** A date as a person says it: `Thu 26 Nov`. */
export function dayName(date: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
  return format.format(new Date(`${date}T00:00Z`)).replace(",", "");
}

/** An instant on the reader's own clock. */
export function shown(instant: Instant | number): string {
  const format = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat("en-GB", format).format(new Date(instant));
}

/** How long ago, in the unit that one would say. */
export function ago(instant: Instant | number, now = Date.now()): string {
  const minutes = Math.round((now - new Date(instant).getTime()) / MINUTE_MS);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 36 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} days ago`;
}

/** The reader's own zone by its city, as one says it: `Tokyo`. */
export const ownZone = () => (Intl.DateTimeFormat().resolvedOptions().timeZone.split("/").at(-1) ?? "").replaceAll("_", " ");
