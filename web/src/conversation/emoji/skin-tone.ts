import type { SkinTone } from 'frimousse';

const KEY = 'atrium:skin-tone';
export const SKIN_TONES = ['none', 'light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const satisfies readonly SkinTone[];

/** What the person chose on this device. */
export function keptSkinTone(): SkinTone {
  const kept = localStorage.getItem(KEY);
  return SKIN_TONES.find((tone) => tone === kept) ?? 'none';
}

/** The same as a number: 0 for none, 1 (light) to 5 (dark). */
export const keptTone = (): number => SKIN_TONES.indexOf(keptSkinTone());

export function keepSkinTone(tone: SkinTone): void {
  localStorage.setItem(KEY, tone);
}
