/**
 * How the editor looks. It lives in a shadow root, so that its style sheets are adopted ones: the page's policy allows no
 * inline style. The page's own style sheet does not reach in here; its colors do, as variables.
 */

import { EditorView } from "@codemirror/view";

const popup = {
  backgroundColor: "var(--raised)",
  color: "var(--ink)",
  border: "1px solid var(--line)",
  borderRadius: "8px",
  boxShadow: "var(--shadow)",
  overflow: "hidden",
};

const text = {
  "&": { height: "100%", fontSize: "var(--code-size)", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  // What is written as two signs is shown as two.
  ".cm-scroller": { fontFamily: "var(--mono)", fontVariantLigatures: "none", lineHeight: "1.65", overflow: "auto" },
  ".cm-content": { padding: "16px 0 40vh", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 24px 0 12px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none", paddingLeft: "8px" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "3ch", padding: "0 8px 0 4px" },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", color: "inherit" },
  ".cm-selectionMatch": { backgroundColor: "var(--mark)" },
  ".cm-searchMatch": { backgroundColor: "var(--mark)", outline: "none" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunk)", border: "none", color: "var(--soft)", padding: "0 6px" },
};

const popups = {
  ".cm-tooltip": popup,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "13px", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.8", marginLeft: "1.5em" },
  ".cm-tooltip-autocomplete .cm-completion-kind": { marginLeft: "2em", float: "right", fontFamily: "var(--sans)", fontSize: "12px", opacity: "0.8" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-meaning": { padding: "8px 12px", maxWidth: "44ch", fontFamily: "var(--sans)", fontSize: "14px", whiteSpace: "pre-wrap" },
  ".cm-panels": { backgroundColor: "var(--sunk)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "5px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "5px" },
};

const problems = {
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1.5px", textUnderlineOffset: "4px", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1.5px", textUnderlineOffset: "4px", textDecorationSkipInk: "none" },
  ".cm-lintRange-hint": { backgroundImage: "none", textDecoration: "underline dotted var(--accent) 1.5px", textUnderlineOffset: "4px", textDecorationSkipInk: "none" },
  // A selection would draw the line in the text's own color.
  ".cm-lintRange-error::selection, .cm-lintRange-error ::selection": { textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning::selection, .cm-lintRange-warning ::selection": { textDecorationColor: "var(--warn)" },
  ".cm-lintRange-hint::selection, .cm-lintRange-hint ::selection": { textDecorationColor: "var(--accent)" },
  ".cm-lintRange-active": { backgroundColor: "var(--mark)" },
  ".cm-diagnostic": { padding: "8px 12px", fontFamily: "var(--sans)", fontSize: "14px", lineHeight: "1.45", maxWidth: "60ch", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warn)" },
  ".cm-diagnostic-hint": { borderLeft: "4px solid var(--accent)" },
  ".cm-diagnosticText": { display: "block" },
  ".cm-diagnosticSource": { fontFamily: "var(--mono)", fontSize: "12px", color: "var(--soft)", opacity: "1" },
  ".cm-diagnosticAction": { font: "inherit", fontWeight: "600", backgroundColor: "var(--accent)", color: "var(--on-accent)", borderRadius: "6px", padding: "3px 10px", margin: "6px 6px 2px 0", cursor: "pointer" },
  ".cm-problem-note, .cm-problem-help": { color: "var(--soft)", marginTop: "2px" },
  ".cm-diagnostic code": { fontFamily: "var(--mono)", fontSize: "0.93em", backgroundColor: "var(--sunk)", borderRadius: "4px", padding: "0 3px" },
};

const path = {
  ".cm-path": { boxShadow: "inset 3px 0 0 transparent" },
  ".cm-path-missed": { boxShadow: "inset 3px 0 0 var(--faint)" },
  ".cm-path-held, .cm-path-done": { boxShadow: "inset 3px 0 0 var(--accent)", backgroundColor: "var(--path)" },
  ".cm-path-decided": { boxShadow: "inset 5px 0 0 var(--accent)", backgroundColor: "var(--path-end)" },
  ".cm-because": { marginLeft: "2.5ch", fontFamily: "var(--sans)", fontSize: "0.86em", fontStyle: "italic", color: "var(--soft)" },
  ".cm-because::before": { content: '"✓ "', fontStyle: "normal", color: "var(--accent)", fontWeight: "700" },
  ".cm-because-missed::before": { content: '"✗ "', color: "var(--soft)" },
};

/** On paper all of the text stands there, and nothing of the page around it. */
const printed = {
  "&": { height: "auto", color: "black" },
  ".cm-scroller": { overflow: "visible" },
  ".cm-content": { padding: "0" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-cursorLayer, .cm-selectionLayer, .cm-tooltip, .cm-panels": { display: "none" },
  ".cm-path-held, .cm-path-done, .cm-path-decided": { printColorAdjust: "exact" },
};

/** Where the system forces its colors, there are no backgrounds and no shadows: lines tell what they told. */
const forced = {
  ".cm-path": { borderLeft: "4px dotted CanvasText" },
  ".cm-path-held, .cm-path-done": { borderLeft: "4px solid CanvasText" },
  ".cm-path-decided": { borderLeft: "8px double Highlight" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { outline: "1px solid Highlight" },
  ".cm-cursor": { borderLeftColor: "CanvasText" },
  ".cm-matchingBracket, .cm-searchMatch": { outline: "1px solid CanvasText" },
  ".cm-lintRange-warning": { textDecorationStyle: "dotted" },
  ".cm-diagnostic-warning": { borderLeftStyle: "dashed" },
  ".cm-diagnostic-hint": { borderLeftStyle: "dotted" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { forcedColorAdjust: "none", backgroundColor: "Highlight", color: "HighlightText" },
};

export const looks = EditorView.theme({
  ...text,
  ...popups,
  ...problems,
  ...path,
  "@media print": printed,
  "@media (forced-colors: active)": forced,
});
