import { useState } from 'react';

interface Typed {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/**
 * For a text that goes elsewhere letter by letter. Firefox tells of a character beyond the Basic Multilingual Plane (an emoji, a rare
 * hanzi) that comes from a key in two events, and in between half of its surrogate pair stands in the field. Such a half is shown, and
 * waits for the other one; if something else comes instead, it is replaced by U+FFFD, as in every text that is no Unicode.
 */
export function useWholeCharacters({ value, onChange }: Typed): Typed {
  const [unfinished, setUnfinished] = useState<string | null>(null);
  return {
    value: unfinished ?? value,
    onChange: (text) => {
      const waits = unfinished === null && !text.isWellFormed();
      setUnfinished(waits ? text : null);
      if (!waits) onChange(text.toWellFormed());
    },
  };
}
