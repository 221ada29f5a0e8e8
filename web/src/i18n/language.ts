import i18next from 'i18next';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type LanguageChoice = Language | 'system';

const KEY = 'atrium:language';

/** What the person chose on this device. */
export function chosenLanguage(): LanguageChoice {
  const kept = localStorage.getItem(KEY);
  return LANGUAGES.find((language) => language === kept) ?? 'system';
}

export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  void i18next.changeLanguage(preferredLanguage());
}

export function preferredLanguage(): Language {
  const choice = chosenLanguage();
  return choice === 'system' ? firstKnown(navigator.languages) : choice;
}

/** The first of the browser's languages that we speak: `zh-TW` is Chinese, `en-GB` is English. */
export function firstKnown(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = LANGUAGES.find((known) => known === tag.split('-')[0]?.toLowerCase());
    if (language) return language;
  }
  return 'en';
}
