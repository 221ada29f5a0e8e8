import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.js';
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, languageOf } from '../i18n/language.js';
import styles from './language-links.module.css';

/** For those who cannot read the page yet: each language in its own words. */
export function LanguageLinks() {
  const { t, i18n } = useTranslation();
  return (
    <div role="group" aria-label={t('settings.language')} className={styles.languages}>
      {LANGUAGES.map((language) => (
        <Button key={language} variant="quiet" size="small" aria-pressed={languageOf(i18n.language) === language} onPress={() => chooseLanguage(language)}>
          <span lang={language}>{LANGUAGE_NAMES[language]}</span>
        </Button>
      ))}
    </div>
  );
}
