/** The code of a problem, and in one press what it means: read when it is opened. */

import { useState } from "preact/hooks";
import { explanation } from "../api/endpoints.ts";
import { Latest } from "../state/latest.ts";
import { Words } from "./code.tsx";
import { Failed, Waiting } from "./notice.tsx";

/** Each is read once. */
const known = new Map<string, Latest<string>>();

function pageOf(code: string): Latest<string> {
  const page = known.get(code) ?? new Latest<string>();
  known.set(code, page);
  return page;
}

export function Explanation({ code }: { code: string }) {
  const [isOpen, setOpen] = useState(false);
  const page = pageOf(code);
  const read = () => void page.ask(async () => (await explanation(code)).text);
  function toggle(event: Event): void {
    const { open } = event.currentTarget as HTMLDetailsElement;
    setOpen(open);
    if (open && page.answer.peek() === null && !page.isAsking.peek()) read();
  }
  return (
    <details class="explanation" open={isOpen} onToggle={toggle}>
      <summary>
        <code>{code}</code> What does this mean?
      </summary>
      {isOpen && <Body page={page} onRetry={read} />}
    </details>
  );
}

function Body({ page, onRetry }: { page: Latest<string>; onRetry: () => void }) {
  if (page.failure.value !== null) return <Failed error={page.failure.value} onRetry={onRetry} />;
  if (page.answer.value === null) return <Waiting what="Loading the explanation…" />;
  return <Prose text={page.answer.value} />;
}

/** The few parts of Markdown that explanations have: paragraphs, lists, plans, and words in backquotes. */
function Prose({ text }: { text: string }) {
  return (
    <>
      {partsOf(text).map((part, index) => {
        switch (part.kind) {
          case "plan":
            return (
              <pre key={index} class={part.isWrong ? "wrong" : undefined} tabIndex={0} aria-label={part.isWrong ? "A plan with this problem" : "The plan without it"}>
                {part.text}
              </pre>
            );
          case "list":
            return (
              <ul key={index}>
                {part.items.map((item) => (
                  <li key={item}>
                    <Words text={item} />
                  </li>
                ))}
              </ul>
            );
          case "paragraph":
            return (
              <p key={index}>
                <Words text={part.text} />
              </p>
            );
        }
      })}
    </>
  );
}

export type Part = { kind: "paragraph"; text: string } | { kind: "plan"; text: string; isWrong: boolean } | { kind: "list"; items: string[] };

export function partsOf(text: string): Part[] {
  return text.split(/^```/m).flatMap((piece, index) => (index % 2 === 1 ? [planOf(piece)] : proseOf(piece)));
}

/** What stands between two fences: the first line says which plan it is. */
function planOf(piece: string): Part {
  const end = piece.indexOf("\n");
  return { kind: "plan", text: piece.slice(end + 1).trimEnd(), isWrong: piece.slice(0, end).includes("wrong") };
}

function proseOf(piece: string): Part[] {
  const blocks = piece.trim().split(/\n\s*\n/).filter((block) => block !== "");
  return blocks.map((block) => {
    const [before = "", ...items] = `\n${block}`.split(/\n- /);
    if (items.length > 0 && before.trim() === "") return { kind: "list", items: items.map(unwrapped) };
    return { kind: "paragraph", text: unwrapped(block) };
  });
}

const unwrapped = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, " ");
