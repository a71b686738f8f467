/** What an agent may be called in a plan: a word of the language's kind, near to its name, and not taken. */

import { CONNECTIVES, DEFINITIONS, FIELDS, STATEMENTS, VALUES } from "../editor/words.ts";

/** Longer names are hard to read in a plan. */
const MOST_LETTERS = 40;

/** Letters that are not another one with a mark. */
const SPELLED: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", æ: "ae", œ: "oe", ø: "o", å: "aa", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** A word of the language means something else at some place. */
const isTaken = (name: string) => [DEFINITIONS, STATEMENTS, CONNECTIVES, VALUES, FIELDS].some((words) => words.has(name));

function wordOf(name: string): string {
  const lower = name.normalize("NFC").toLowerCase();
  const latin = [...lower].map((letter) => SPELLED[letter] ?? letter).join("").normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return latin.replaceAll(/[^a-z0-9]+/g, "_").slice(0, MOST_LETTERS).replaceAll(/^_+|_+$/g, "");
}

/** The names that a plan defines: of agents, lists, schedules and all else. */
const definedIn = (plan: string) => new Set([...plan.matchAll(/^\s*(?:agent|attribute|condition|days|numbers|rotation|schedule|switch|table)\s+(\w+)/gm)].map((found) => found[1]));

/** A name for an agent in this plan. Where its own has no letter that a plan may have, it is called by its id. */
export function planName(agent: { id: string; name: string }, plan: string): string {
  const word = wordOf(agent.name);
  const own = word === "" ? `agent_${agent.id.slice(0, 8)}` : /^\d/.test(word) || isTaken(word) ? `agent_${word}` : word;
  const defined = definedIn(plan);
  let name = own;
  for (let number = 2; defined.has(name); number += 1) name = `${own}_${number}`;
  return name;
}
