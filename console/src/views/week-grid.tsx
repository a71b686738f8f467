/**
 * The week as a calendar: a column a day, hours downwards. Each stretch is a button; the arrow keys go from one to the
 * next. The moment under the pointer, or where the focused stretch begins, is explained below, and a press tries a call
 * at that moment.
 */

import { useRef, useState } from "preact/hooks";
import { clockOf, dateOf, dayAfter, dayName, isTwelveHours, minutesOf, reading, sayHour, sayTime, timeOf } from "../state/clock.ts";
import { go } from "../state/route.ts";
import { setTrial } from "../state/trial.ts";
import { type Calendar, DAY_MINUTES, type Piece } from "../state/week-pieces.ts";
import { today } from "../state/week.ts";
import { kindInWords, letterOf, lookOf } from "./week-legend.tsx";
import { shownTime } from "./week-table.tsx";

const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];
/** A pointer is not steadier than this. */
const STEP_MINUTES = 5;
/** A shorter stretch has no room for its name. */
const NAMED_MINUTES = 90;

interface Moment {
  day: number;
  piece: number;
  minutes: number;
}

interface Props {
  calendar: Calendar;
  zone: string;
}

export function WeekGrid({ calendar, zone }: Props) {
  const [moment, setMoment] = useState<Moment>({ day: 0, piece: 0, minutes: 0 });
  const grid = useRef<HTMLDivElement>(null);
  function step(event: KeyboardEvent): void {
    const next = stepped(calendar, moment, event.key);
    if (next === null) return;
    event.preventDefault();
    grid.current?.querySelector<HTMLElement>(`[data-at="${next.day} ${next.piece}"]`)?.focus();
  }
  return (
    <>
      <div class={isTwelveHours ? "week twelve-hours" : "week"} role="group" aria-label={`Who answers, on the clock of ${zone}`} ref={grid} onKeyDown={step}>
        <div class="hours" aria-hidden="true">
          {HOURS.map((hour) => (
            <span key={hour} style={{ top: `${(hour / 24) * 100}%` }}>
              {sayHour(hour)}
            </span>
          ))}
        </div>
        {calendar.days.map((day, index) => (
          <div key={day.date} class={day.date === today.value ? "day today" : "day"}>
            <p class="day-name">
              <b>{dayName(day.date).slice(0, 3)}</b> {dayName(day.date).slice(4)}
            </p>
            <div class="day-pieces">
              {day.date === today.value && <Now zone={zone} />}
              {day.pieces.map((piece, at) => (
                <PieceButton key={piece.from} {...{ calendar, piece, date: day.date, moment, setMoment }} at={{ day: index, piece: at }} />
              ))}
            </div>
          </div>
        ))}
      </div>
      <Explained calendar={calendar} moment={moment} />
    </>
  );
}

/** Where the day is. */
function Now({ zone }: { zone: string }) {
  return <div class="now" aria-hidden="true" style={{ top: shareOf(minutesOf(reading(Date.now(), zone))) }} />;
}

const shareOf = (minutes: number) => `${(minutes / DAY_MINUTES) * 100}%`;

interface PieceProps {
  calendar: Calendar;
  piece: Piece;
  date: string;
  at: { day: number; piece: number };
  moment: Moment;
  setMoment: (moment: Moment) => void;
}

function PieceButton({ calendar, piece, date, at, moment, setMoment }: PieceProps) {
  const words = kindInWords(calendar.kinds.get(piece.kind));
  const isHere = moment.day === at.day && moment.piece === at.piece;
  function follow(event: PointerEvent): void {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const exact = piece.from + ((event.clientY - top) / height) * (piece.until - piece.from);
    const minutes = Math.round(exact / STEP_MINUTES) * STEP_MINUTES;
    setMoment({ ...at, minutes: Math.min(Math.max(minutes, piece.from), piece.until - 1) });
  }
  return (
    <button
      type="button"
      class={lookOf(piece.kind)}
      data-at={`${at.day} ${at.piece}`}
      tabIndex={isHere ? 0 : -1}
      style={{ top: shareOf(piece.from), height: shareOf(Math.max(piece.until - piece.from, 1)) }}
      aria-label={`${dayName(date)}, ${shownTime(piece.from)} to ${shownTime(piece.until)}: ${words}`}
      onPointerMove={follow}
      onFocus={() => isHere || setMoment({ ...at, minutes: piece.from })}
      onClick={() => tryAt(date, isHere ? moment.minutes : piece.from)}
    >
      {piece.until - piece.from >= NAMED_MINUTES && (
        <span class="piece-name">
          <b>{letterOf(piece.kind)}</b> {words}
        </span>
      )}
    </button>
  );
}

/** The stretch that a key leads to. */
function stepped({ days }: Calendar, { day, piece, minutes }: Moment, key: string): Moment | null {
  const at = (day: number, piece: number) => (days[day]?.pieces[piece] ? { day, piece, minutes: 0 } : null);
  const beside = (day: number) => at(day, days[day]?.pieces.findIndex((it) => it.from <= minutes && minutes < it.until) ?? -1);
  switch (key) {
    case "ArrowDown":
      return at(day, piece + 1) ?? at(day + 1, 0);
    case "ArrowUp":
      return at(day, piece - 1) ?? at(day - 1, (days[day - 1]?.pieces.length ?? 0) - 1);
    case "ArrowRight":
      return beside(day + 1);
    case "ArrowLeft":
      return beside(day - 1);
    default:
      return null;
  }
}

function Explained({ calendar, moment }: { calendar: Calendar; moment: Moment }) {
  const day = calendar.days[moment.day];
  const piece = day?.pieces[moment.piece];
  if (day === undefined || piece === undefined) return null;
  return (
    <p class="moment">
      <span class={`swatch ${lookOf(piece.kind)}`} aria-hidden="true">
        {letterOf(piece.kind)}
      </span>
      <span>
        <strong>
          {dayName(day.date)}, {shownTime(Math.max(moment.minutes, piece.from))}
        </strong>
        : {kindInWords(calendar.kinds.get(piece.kind))}
        {piece.rule === null ? ", by no rule" : `, by rule “${piece.rule}”`}, {untilWhen(piece, day.date)}
      </span>
      <button type="button" class="quiet" onClick={() => tryAt(day.date, Math.max(moment.minutes, piece.from))}>
        Try this moment
      </button>
    </p>
  );
}

/** Until when it stays so: that may be days later, or after the week. */
function untilWhen({ until, ends }: Piece, date: string): string {
  if (ends === null) return "until the end of this week or longer";
  const isThatDay = until < DAY_MINUTES || ends === `${dayAfter(date)}T00:00`;
  return isThatDay ? `until ${shownTime(until)}` : `until ${dayName(dateOf(ends))}, ${sayTime(timeOf(ends))}`;
}

function tryAt(date: string, minutes: number): void {
  setTrial({ clock: clockOf(date, minutes) });
  go("plan", "try");
}
