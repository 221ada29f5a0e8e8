import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chosenLanguage, chooseLanguage, LANGUAGE_NAMES, type LanguageChoice, languageOf, localeFor } from '../i18n/language.js';
import { Select } from '../ui/select.js';
import { chosenTheme, chooseTheme, type ThemeChoice } from '../ui/theme.js';

/** What concerns this device only. */
export function AppearanceSettings() {
  const { t } = useTranslation();
  const [language, setLanguage] = useState(chosenLanguage);
  const [theme, setTheme] = useState(chosenTheme);
  const systemLanguage = LANGUAGE_NAMES[languageOf(localeFor('system', navigator.languages)) === 'zh' ? 'zh' : 'en'];
  return (
    <>
      <Select<LanguageChoice>
        label={t('settings.language')}
        description={t('settings.languageText')}
        value={language}
        onChange={(choice) => {
          setLanguage(choice);
          chooseLanguage(choice);
        }}
        options={[
          { id: 'system', label: t('settings.languageSystem', { language: systemLanguage }) },
          { id: 'en', label: LANGUAGE_NAMES.en },
          { id: 'zh', label: LANGUAGE_NAMES.zh },
        ]}
      />
      <Select<ThemeChoice>
        label={t('settings.theme')}
        value={theme}
        onChange={(choice) => {
          setTheme(choice);
          chooseTheme(choice);
        }}
        options={[
          { id: 'system', label: t('settings.themeSystem') },
          { id: 'light', label: t('settings.themeLight') },
          { id: 'dark', label: t('settings.themeDark') },
        ]}
      />
    </>
  );
}
