/** Two texts line by line: the fewest lines that go and come. */

export interface DiffLine {
  kind: "same" | "gone" | "new";
  text: string;
  /** Its number in the text before, and in the one after. */
  before: number | null;
  after: number | null;
}

/** Beyond so many changed lines the fewest are not worth the time: all go, and all come. */
const MOST_EDITS = 2000;

export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const middle = fewest(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const same = (count: number): DiffLine["kind"][] => new Array<DiffLine["kind"]>(count).fill("same");
  return numbered([...same(head), ...middle, ...same(tail)], old, now);
}

function numbered(kinds: DiffLine["kind"][], old: string[], now: string[]): DiffLine[] {
  let [before, after] = [0, 0];
  return kinds.map((kind) => {
    const text = (kind === "new" ? now[after] : old[before]) ?? "";
    if (kind !== "new") before += 1;
    if (kind !== "gone") after += 1;
    return { kind, text, before: kind === "new" ? null : before, after: kind === "gone" ? null : after };
  });
}

/** How far each diagonal has come; the one of number 0 is at `middle`. */
interface Reached {
  values: Int32Array;
  middle: number;
}

/** Myers' algorithm (An O(ND) Difference Algorithm, 1986), forwards, with what each round reached kept for the way back. */
function fewest(old: string[], now: string[]): DiffLine["kind"][] {
  const rounds: Reached[] = [];
  const most = Math.min(old.length + now.length, MOST_EDITS);
  const reached: Reached = { values: new Int32Array(2 * most + 3).fill(-1), middle: most + 1 };
  reached.values[reached.middle + 1] = 0;
  for (let edits = 0; edits <= most; edits += 1) {
    rounds.push(around(reached, edits + 1));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = firstOf(reached, diagonal, edits);
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      reached.values[reached.middle + diagonal] = x;
      if (x >= old.length && x - diagonal >= now.length) return wayBack(rounds, old.length, now.length);
    }
  }
  return [...old.map(() => "gone" as const), ...now.map(() => "new" as const)];
}

/** As it is now, of the diagonals up to this one. */
function around({ values, middle }: Reached, furthest: number): Reached {
  return { values: values.slice(middle - furthest, middle + furthest + 1), middle: furthest };
}

const at = ({ values, middle }: Reached, diagonal: number) => values[middle + diagonal] ?? -1;

const comesByNew = (reached: Reached, diagonal: number, edits: number) =>
  diagonal === -edits || (diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1));

const firstOf = (reached: Reached, diagonal: number, edits: number) =>
  comesByNew(reached, diagonal, edits) ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;

function wayBack(rounds: Reached[], oldLength: number, nowLength: number): DiffLine["kind"][] {
  const kinds: DiffLine["kind"][] = [];
  let [x, y] = [oldLength, nowLength];
  for (let edits = rounds.length - 1; edits > 0; edits -= 1) {
    const reached = rounds[edits] as Reached;
    const isNew = comesByNew(reached, x - y, edits);
    const diagonal = x - y + (isNew ? 1 : -1);
    const fromX = at(reached, diagonal);
    for (; x > fromX && y > fromX - diagonal; x -= 1, y -= 1) kinds.push("same");
    kinds.push(isNew ? "new" : "gone");
    [x, y] = [fromX, fromX - diagonal];
  }
  for (; x > 0 && y > 0; x -= 1, y -= 1) kinds.push("same");
  return kinds.reverse();
}
