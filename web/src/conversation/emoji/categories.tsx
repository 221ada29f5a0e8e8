import { Car, Coffee, Flag, Hand, Hash, Lightbulb, type LucideIcon, PawPrint, Smile, Trophy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Toolbar } from 'react-aria-components';
import { IconButton } from '../../ui/icon-button.js';
import { CATEGORIES, type CategoryId } from './category-names.js';
import styles from './emoji-picker.module.css';

const ICONS: Record<CategoryId, LucideIcon> = {
  smileys: Smile,
  people: Hand,
  nature: PawPrint,
  food: Coffee,
  travel: Car,
  activities: Trophy,
  objects: Lightbulb,
  symbols: Hash,
  flags: Flag,
};

/** The way to a kind of emoji: by Tab once, then by the arrows. */
export function Categories({ onChoose }: { onChoose: (position: number) => void }) {
  const { t } = useTranslation();
  return (
    <Toolbar className={styles.categories ?? ''} aria-label={t('conversation.emoji.kinds')}>
      {CATEGORIES.map(({ id }, position) => {
        const Icon = ICONS[id];
        return (
          <IconButton key={id} size="small" label={t(`conversation.emoji.categories.${id}`)} onPress={() => onChoose(position)}>
            <Icon size={16} aria-hidden />
          </IconButton>
        );
      })}
    </Toolbar>
  );
}
