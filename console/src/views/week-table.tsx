/** The week as a table, for whoever reads better than looks. */

import { clockOf, dayName, MIDNIGHT, sayTime, timeOf } from "../state/clock.ts";
import { type Calendar, DAY_MINUTES } from "../state/week-pieces.ts";
import { kindInWords } from "./week-legend.tsx";

export const shownTime = (minutes: number) => (minutes === DAY_MINUTES ? MIDNIGHT : sayTime(timeOf(clockOf("2000-01-01", minutes))));

export function WeekTable({ calendar }: { calendar: Calendar }) {
  return (
    <details class="week-table">
      <summary>The week as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">From</th>
            <th scope="col">Until</th>
            <th scope="col">Who answers</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {calendar.days.flatMap((day) =>
            day.pieces.map((piece) => (
              <tr key={`${day.date} ${piece.from}`}>
                <th scope="row">{dayName(day.date)}</th>
                <td>{shownTime(piece.from)}</td>
                <td>{shownTime(piece.until)}</td>
                <td>{kindInWords(calendar.kinds.get(piece.kind))}</td>
                <td>{piece.rule ?? "no rule"}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </details>
  );
}
