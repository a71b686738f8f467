/**
 * The language's colors. This only tells words, texts and figures apart: what a text means is asked of the service, so
 * there is no second reader of the language here.
 */

import { HighlightStyle, indentService, LanguageSupport, StreamLanguage, type StreamParser, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

import { CONNECTIVES, CONTEXTUAL, CONTEXTUAL_DEFINITIONS, DEFINITIONS, FIELDS, STATEMENTS, VALUES } from "./words.ts";

interface Reading {
  /** Inside of a text, and inside of a hole of it. */
  inText: boolean;
  inHole: boolean;
  /** The word before was one that a name follows. */
  definesName: boolean;
  /** The word or figure before, on the same line. */
  before: string;
}

const callplan: StreamParser<Reading> = {
  name: "callplan",
  startState: () => ({ inText: false, inHole: false, definesName: false, before: "" }),
  token(stream, reading) {
    // A text ends with its line, or the rest of the plan would have its color.
    if (stream.sol()) Object.assign(reading, { inText: false, inHole: false, before: "" });
    if (reading.inText) return textPart(stream, reading);
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return "comment";
    if (stream.eat('"')) {
      reading.inText = true;
      return "string";
    }
    if (stream.match(/^\+?\d[\d*:.%-]*/)) return after(stream.current(), reading, "number");
    if (stream.match(/^[A-Za-z_][\w]*/)) return after(stream.current(), reading, contextual(stream, reading) ?? word(stream.current(), reading));
    reading.before = "";
    stream.next();
    return "punctuation";
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["{", "[", "(", '"'] }, indentOnInput: /^\s*\}$/ },
};

type Stream = Parameters<StreamParser<Reading>["token"]>[0];

/** A text, or the name in one of its holes. */
function textPart(stream: Stream, reading: Reading): string {
  if (stream.eat('"')) {
    reading.inText = reading.inHole = false;
    return "string";
  }
  if (stream.eat(reading.inHole ? "}" : "{")) {
    reading.inHole = !reading.inHole;
    return "punctuation";
  }
  if (stream.match(reading.inHole ? /^[^}"]+/ : /^(?:\\.|[^"{\\])+/) === null) stream.next();
  return reading.inHole ? "variableName" : "string";
}

/** Remembers what stands before the next word. */
function after(token: string, reading: Reading, style: string): string {
  reading.before = token;
  return style;
}

/** Words after which one that is free as a name is none: `day after easter`, `every 2 weeks`, `country any`. */
const BEFORE_MEANING = new Set(["after", "before", "country", "every", "of", "orthodox"]);
/** A word that stands behind no name but goes on from another word. */
const GOES_ON = new Set(["after", "before", "closed", "easter", "first", "fifth", "fourth", "from", "last", "orthodox", "second", "third", "to", "with"]);

/** A word that is free as a name, in the place where it means something. */
function contextual(stream: Stream, reading: Reading): string | null {
  const word = stream.current();
  if (reading.definesName) return null;
  if (CONTEXTUAL_DEFINITIONS.has(word) && reading.before === "" && stream.match(/^\s+[a-z_]\w*\s*(=|\{|in\b)/, false)) {
    reading.definesName = true;
    return "keyword";
  }
  const counts = /^\d+$/.test(reading.before);
  // In `2 days before easter` the word defines nothing, and in `first sat of month` it is no field.
  if ((word === "days" && counts) || (word === "month" && reading.before === "of")) return "operatorKeyword";
  if (!CONTEXTUAL.has(word)) return null;
  const meansIt = BEFORE_MEANING.has(reading.before) || counts || goesOn(stream);
  return meansIt ? "operatorKeyword" : null;
}

/** Whether what follows could not stand behind a name. */
function goesOn(stream: Stream): boolean {
  if (stream.match(/^\s+["[+\d]/, false)) return true;
  const [, next = ""] = /^\s+([a-z]+)\b/.exec(stream.string.slice(stream.pos)) ?? [];
  return GOES_ON.has(next) || VALUES.has(next);
}

function word(word: string, reading: Reading): string {
  const isName = reading.definesName;
  reading.definesName = DEFINITIONS.has(word);
  if (DEFINITIONS.has(word) || STATEMENTS.has(word)) return "keyword";
  if (isName) return "definition";
  if (CONNECTIVES.has(word)) return "operatorKeyword";
  if (FIELDS.has(word)) return "propertyName";
  return VALUES.has(word) ? "atom" : "variableName";
}

/** A line is as deep as the one before, and deeper after a brace that opens, and less deep where one closes. */
const depths = indentService.of((context, position) => {
  if (position === 0) return 0;
  const before = context.lineAt(position - 1, -1);
  const opens = /[{[(]\s*(#.*)?$/.test(before.text) ? context.unit : 0;
  const closes = /^\s*[}\])]/.test(context.textAfterPos(position)) ? context.unit : 0;
  return Math.max(context.lineIndent(before.from) + opens - closes, 0);
});

const colors = HighlightStyle.define([
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.operatorKeyword, color: "var(--code-joining)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: tags.number, color: "var(--code-figure)" },
  { tag: tags.atom, color: "var(--code-figure)" },
  { tag: tags.propertyName, color: "var(--code-field)" },
  { tag: tags.definition(tags.variableName), color: "var(--ink)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--ink)" },
  { tag: tags.punctuation, color: "var(--code-comment)" },
]);

const stream = StreamLanguage.define({
  ...callplan,
  tokenTable: { definition: tags.definition(tags.variableName) },
});

export const language = () => [new LanguageSupport(stream), depths, syntaxHighlighting(colors)];
