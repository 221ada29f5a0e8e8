import { type SkinTone, useSkinTone } from 'frimousse';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.js';
import styles from './emoji-picker.module.css';

const KEY = 'atrium:skin-tone';
const SKIN_TONES = ['none', 'light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const satisfies readonly SkinTone[];

/** What the person chose on this device. */
export function keptSkinTone(): SkinTone {
  const kept = localStorage.getItem(KEY);
  return SKIN_TONES.find((tone) => tone === kept) ?? 'none';
}

/** The same as a number: 0 for none, 1 (light) to 5 (dark). */
export const keptTone = (): number => SKIN_TONES.indexOf(keptSkinTone());

/** Shows the skin tone of all emoji that have one; each press goes to the next. */
export function SkinToneButton() {
  const { t } = useTranslation();
  const [tone, setTone, variations] = useSkinTone('✋');
  const next = (): void => {
    const chosen = SKIN_TONES[(SKIN_TONES.indexOf(tone) + 1) % SKIN_TONES.length]!;
    localStorage.setItem(KEY, chosen);
    setTone(chosen);
  };
  return (
    <IconButton size="small" label={t('conversation.emoji.tone', { tone: t(`conversation.emoji.tones.${tone}`) })} onPress={next}>
      <span className={styles.hand} aria-hidden>
        {variations.find(({ skinTone }) => skinTone === tone)?.emoji}
      </span>
    </IconButton>
  );
}
