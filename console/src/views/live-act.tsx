/**
 * Everything that acts on the next call goes through here: first it is said what becomes different, then one confirms, and
 * after that there is a way back for a while.
 */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { EffectsRequest } from "../api/contract.ts";
import { inWords, Unreachable } from "../api/failure.ts";
import { may } from "../api/session.ts";
import { Dialog } from "../parts/dialog.tsx";
import { isInDoubt } from "../state/certain.ts";
import { say } from "../state/said.ts";
import { changedLive } from "../state/standing.ts";
import { EffectsOf } from "./effects.tsx";

export interface Act {
  /** What is about to be done, as a question's head: `Switch the plan off`. It is also what the button says. */
  title: string;
  /** What is done, a sentence each. */
  words: string[];
  /** The change, as the service is asked what becomes different by it. */
  effects: EffectsRequest;
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
      setFailure(error instanceof Unreachable ? "The server cannot be reached. It is not known whether this was done." : `Not done. ${inWords(error)}`);
    }
    setDoing(false);
  }

  return (
    <Dialog title={act.title} onClose={onClose}>
      {act.words.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {children}
      {may("inbound_routing_configs:read") && <EffectsOf asked={act.effects} />}
      {act.undo === null && <p>This cannot be undone.</p>}
      {isDoing && isInDoubt.value && (
        <p class="notice warn" role="status">
          The answer was lost. Whether this was done is looked up once the server can be reached again.
        </p>
      )}
      {failure !== null && (
        <p class="error" role="alert">
          {failure}
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
