/**
 * Where the draft lies: the editor's state, which outlives its view, so that going to another page and back loses neither
 * history nor place. All that changes the draft from outside of the editor goes through here, and can be undone in it.
 */

import { type Extension, EditorState, type TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** All ends of lines are one kind here; the language takes each. */
export const oneKindOfLine = (text: string) => text.replace(/\r\n?/g, "\n");

class Desk {
  state = EditorState.create();
  view: EditorView | null = null;
  private scroll = 0;
  private extensions: Extension = [];
  private changed: (text: string) => void = () => {};
  private isReadOnly: () => boolean = () => false;

  /** What editors of the draft are made of, who hears of each change, and whether one may only read. */
  equip(extensions: Extension, changed: (text: string) => void, isReadOnly: () => boolean): void {
    this.changed = changed;
    this.isReadOnly = isReadOnly;
    const hears = EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString());
    });
    this.extensions = [extensions, hears];
  }

  /** A text to begin with: there is nothing to undo before it. */
  start(text: string): void {
    const reading = this.isReadOnly() ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-readonly": "true" })] : [];
    this.state = EditorState.create({ doc: text, extensions: [this.extensions, reading] });
    this.view?.setState(this.state);
  }

  /** Shows the draft there. */
  open(parent: ShadowRoot): EditorView {
    const view = new EditorView({ state: this.state, parent, root: parent });
    this.view = view;
    requestAnimationFrame(() => (view.scrollDOM.scrollTop = this.scroll));
    return view;
  }

  close(): void {
    if (this.view === null) return;
    this.state = this.view.state;
    this.scroll = this.view.scrollDOM.scrollTop;
    this.view.destroy();
    this.view = null;
  }

  get current(): EditorState {
    return this.view?.state ?? this.state;
  }

  dispatch(spec: TransactionSpec): void {
    if (this.view !== null) this.view.dispatch(spec);
    else this.change(spec);
  }

  /** A change while nobody looks: a view would tell of it. */
  private change(spec: TransactionSpec): void {
    const { docChanged, state } = this.state.update(spec);
    this.state = state;
    if (docChanged) this.changed(state.doc.toString());
  }

  /** Makes this the text, by the smallest change: cursor and folds stay where they can. */
  replace(next: string): void {
    const now = this.current.doc.toString();
    if (now === next) return;
    let head = 0;
    const most = Math.min(now.length, next.length);
    while (head < most && now.charCodeAt(head) === next.charCodeAt(head)) head += 1;
    let tail = 0;
    while (tail < most - head && now.charCodeAt(now.length - 1 - tail) === next.charCodeAt(next.length - 1 - tail)) tail += 1;
    this.dispatch({ changes: { from: head, to: now.length - tail, insert: next.slice(head, next.length - tail) }, userEvent: "input.replace" });
  }

  /** Puts the cursor there, in sight. */
  goTo(position: number, to = position): void {
    const length = this.current.doc.length;
    const [anchor, head] = [Math.min(position, length), Math.min(to, length)];
    this.dispatch({ selection: { anchor: head, head: anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.view?.focus();
  }

  goToLine(line: number): void {
    const { doc } = this.current;
    if (line >= 1 && line <= doc.lines) this.goTo(doc.line(line).from);
  }
}

export const desk = new Desk();
