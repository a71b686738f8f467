/** What the editors are made of: the draft's, and those in which one only reads. */

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { answers } from "./answers.ts";
import { language } from "./language.ts";
import { looks } from "./looks.ts";
import { path } from "./path.ts";

/** Said in so many words, for tools that do not take every element that can be written in for one that can be reached. */
export const named = (label: string) => EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" });

/** `keys` are those that do something to the plan as a whole; they come first. */
export const draftExtensions = (keys: KeyBinding[]): Extension => [
  named("Plan"),
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  EditorView.lineWrapping,
  indentUnit.of("  "),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightSelectionMatches(),
  search({ top: true }),
  language(),
  path(),
  answers(),
  keymap.of([...keys, ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
  looks,
];

export const readingExtensions = (label: string): Extension => [
  named(label),
  lineNumbers(),
  EditorState.readOnly.of(true),
  // Without a cursor, but one can go there by Tab, to scroll and copy.
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ role: "textbox", "aria-readonly": "true", "aria-multiline": "true" }),
  EditorView.lineWrapping,
  language(),
  path(),
  looks,
];
