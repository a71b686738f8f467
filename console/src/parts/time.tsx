/** An instant, as a person says it; in full for whoever points at it. */

import { ago, shown } from "../state/clock.ts";

export function When({ instant, isLong = false }: { instant: string | number; isLong?: boolean }) {
  const exact = new Date(instant).toISOString();
  return (
    <time dateTime={exact} title={exact}>
      {isLong ? shown(instant) : ago(instant)}
    </time>
  );
}
