/** A field that offers what goes with what is written in it. */

import { useEffect, useId, useRef } from "preact/hooks";

/** More are not offered at once: who writes on finds the others. */
const MOST_OFFERED = 50;

interface Props {
  ids: { id: string; "aria-describedby"?: string };
  value: string;
  /** What can be written. */
  offers: readonly string[];
  onWrite: (value: string) => void;
  onLeave?: () => void;
  inputMode?: "tel";
  placeholder?: string;
  /** Why a form cannot be sent with what is written; empty where it can. */
  trouble?: string;
}

export function OfferedInput({ ids, value, offers, onWrite, onLeave, inputMode, placeholder, trouble = "" }: Props) {
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.setCustomValidity(trouble), [trouble]);
  return (
    <>
      <input {...ids} ref={input} inputMode={inputMode} placeholder={placeholder} spellcheck={false} autocomplete="off" list={list} value={value} onInput={(event) => onWrite(event.currentTarget.value)} onBlur={onLeave} />
      <datalist id={list}>
        {offered(offers, value).map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
    </>
  );
}

/** Those that contain what is written; all, once it is one of them. */
function offered(offers: readonly string[], value: string): readonly string[] {
  const written = value.trim().toLowerCase();
  const isOne = offers.some((offer) => offer.toLowerCase() === written);
  return (isOne ? offers : offers.filter((offer) => offer.toLowerCase().includes(written))).slice(0, MOST_OFFERED);
}
