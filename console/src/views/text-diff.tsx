/** Two texts, with the lines that go and come; what is far from any of them is folded. */

import { type DiffLine, diffLines } from "../state/text-diff.ts";

const AROUND = 3;
/** More lines than anyone reads. */
const MOST_SHOWN = 1500;

interface Props {
  before: string;
  after: string;
  label: string;
}

const MARKS = { same: " ", gone: "−", new: "+" } as const;
const WORDS = { same: "", gone: "removed: ", new: "added: " } as const;

export function TextDiff({ before, after, label }: Props) {
  const lines = diffLines(before, after);
  const shown = near(lines);
  if (shown.length === 0) return <p class="hint">The texts are the same.</p>;
  return (
    <div class="text-diff" role="group" aria-label={label} tabIndex={0}>
      {shown.slice(0, MOST_SHOWN).map((line, index) =>
        line === null ? (
          <div key={index} class="fold" aria-hidden="true">
            ⋯
          </div>
        ) : (
          <div key={index} class={line.kind}>
            <span class="number" aria-hidden="true">
              {line.after ?? line.before}
            </span>
            <span aria-hidden="true">{MARKS[line.kind]} </span>
            <span class="unseen">{WORDS[line.kind]}</span>
            {line.text}
          </div>
        ),
      )}
      {shown.length > MOST_SHOWN && <p class="hint">And {shown.length - MOST_SHOWN} lines more.</p>}
    </div>
  );
}

/** The lines that are near a change; null where others are left out. */
function near(lines: DiffLine[]): (DiffLine | null)[] {
  const isNear = new Array<boolean>(lines.length).fill(false);
  lines.forEach((line, index) => {
    if (line.kind !== "same") isNear.fill(true, Math.max(index - AROUND, 0), index + AROUND + 1);
  });
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, index) => {
    if (isNear[index]) shown.push(line);
    else if (shown.length > 0 && shown.at(-1) !== null) shown.push(null);
  });
  return shown;
}
