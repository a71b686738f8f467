/** Where two people changed the same lines: one says for each which lines the merged text has. */

import { type Choice, isOverlap, type Overlap, type Part } from "../state/merge.ts";
import { count } from "./plan-head.tsx";

interface Props {
  parts: Part[];
  choices: (Choice | undefined)[];
  onChoose: (choices: (Choice | undefined)[]) => void;
}

/** More are no questions any more: it is another text. */
const MOST_ASKED = 50;

export function Overlaps({ parts, choices, onChoose }: Props) {
  const overlaps = parts.filter(isOverlap);
  if (overlaps.length === 0) return <p class="good">Your changes and theirs are in different places: they can be merged.</p>;
  const places = overlaps.length === 1 ? "In one place you" : `In ${overlaps.length} places you`;
  return (
    <>
      <p>{places} and they changed the same lines. Choose which to keep. All other changes are merged.</p>
      <ol class="overlaps">
        {overlaps.slice(0, MOST_ASKED).map((overlap, index) => (
          <li key={index}>
            <Question overlap={overlap} number={index + 1} choice={choices[index]} onChoose={(choice) => onChoose(Object.assign([...choices], { [index]: choice }))} />
          </li>
        ))}
      </ol>
      {overlaps.length > MOST_ASKED && <p class="notice warn">There are {count(overlaps.length - MOST_ASKED, "place")} more, too many to merge: take theirs or keep yours.</p>}
    </>
  );
}

interface QuestionProps {
  overlap: Overlap;
  number: number;
  choice: Choice | undefined;
  onChoose: (choice: Choice) => void;
}

function Question({ overlap: { before, mine, theirs }, number, choice, onChoose }: QuestionProps) {
  const option = (value: Choice, label: string, lines: string[] | null) => (
    <label class={choice === value ? "option chosen" : "option"}>
      <input type="radio" name={`overlap-${number}`} checked={choice === value} onChange={() => onChoose(value)} />
      <span>
        {label}
        {lines !== null && <Lines lines={lines} />}
      </span>
    </label>
  );
  return (
    <fieldset class="parts">
      <legend>Place {number}</legend>
      {before.length > 0 && (
        <div class="before">
          Before
          <Lines lines={before} />
        </div>
      )}
      <div class="options">
        {option("theirs", "Theirs", theirs)}
        {option("mine", "Mine", mine)}
      </div>
      {mine.length > 0 && theirs.length > 0 && option("both", "Both, theirs first", null)}
    </fieldset>
  );
}

function Lines({ lines }: { lines: string[] }) {
  if (lines.length === 0) return <span class="hint"> no lines</span>;
  return <code class="lines">{lines.join("\n")}</code>;
}
