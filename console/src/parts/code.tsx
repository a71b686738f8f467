import { sayDates } from "../state/clock.ts";

/**
 * A sentence of the service's: the plan's own words, which stand in backquotes, as code, and the dates between them in the
 * page's notation.
 */
export function Words({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : sayDates(part)))}</>;
}
