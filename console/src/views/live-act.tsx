/**
 * Everything that acts on the next call goes through here: first it is said what becomes different, then one confirms, and
 * after that there is a way back for a while.
 */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { inWords } from "../api/failure.ts";
import { Dialog } from "../parts/dialog.tsx";
import { say } from "../state/said.ts";
import { changedLive } from "../state/standing.ts";

export interface Act {
  /** What is about to be done, as a question's head: `Switch the plan off`. It is also what the button says. */
  title: string;
  /** What becomes different, a sentence each. */
  words: string[];
  run: () => Promise<unknown>;
  /** What is said once it is done. */
  done: string | (() => string);
  /** Takes it back; null where nothing does. */
  undo: (() => Promise<unknown>) | null;
}

interface Props {
  act: Act;
  onClose: () => void;
  /** There is nothing to do yet: something has to be chosen first. */
  isBlocked?: boolean;
  children?: ComponentChildren;
}

export function LiveAct({ act, onClose, isBlocked = false, children }: Props) {
  const [isDoing, setDoing] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const { undo } = act;
  const takeBack = async () => {
    await undo?.();
    await changedLive();
  };

  async function doIt(): Promise<void> {
    setDoing(true);
    setFailure(null);
    try {
      await act.run();
      void changedLive();
      onClose();
      say(typeof act.done === "string" ? act.done : act.done(), undo === null ? null : takeBack);
    } catch (error) {
      setFailure(inWords(error));
    }
    setDoing(false);
  }

  return (
    <Dialog title={act.title} onClose={onClose}>
      {act.words.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {children}
      {act.undo === null && <p>Nothing takes this back.</p>}
      {failure !== null && (
        <p class="error" role="alert">
          Not done. {failure}
        </p>
      )}
      <div class="choices">
        <button type="button" class="primary" disabled={isDoing || isBlocked} onClick={() => void doIt()}>
          {act.title}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
