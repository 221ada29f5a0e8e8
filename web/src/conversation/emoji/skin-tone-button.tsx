import { useSkinTone } from 'frimousse';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/icon-button.js';
import styles from './emoji-picker.module.css';
import { keepSkinTone, SKIN_TONES } from './skin-tone.js';

/** Shows the skin tone of all emoji that have one; each press goes to the next. */
export function SkinToneButton() {
  const { t } = useTranslation();
  const [tone, setTone, variations] = useSkinTone('✋');
  const next = (): void => {
    const chosen = SKIN_TONES[(SKIN_TONES.indexOf(tone) + 1) % SKIN_TONES.length]!;
    keepSkinTone(chosen);
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
