import i18next from 'i18next';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type LanguageChoice = Language | 'system';

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', zh: '中文' };

const KEY = 'atrium:language';

/** What the person chose on this device. */
export function chosenLanguage(): LanguageChoice {
  const kept = localStorage.getItem(KEY);
  return LANGUAGES.find((language) => language === kept) ?? 'system';
}

export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  void i18next.changeLanguage(localeFor(choice, navigator.languages));
}

/**
 * The choice as a locale, in the variant that the browser prefers: dates in `en-GB` are not those of `en-US`.
 * @param wanted language tags, the most wanted first
 */
export function localeFor(choice: LanguageChoice, wanted: readonly string[]): string {
  const known = wanted.filter((tag) => (choice === 'system' ? isLanguage(languageOf(tag)) : languageOf(tag) === choice));
  return known[0] ?? (choice === 'zh' ? 'zh-CN' : 'en');
}

/** `zh` of `zh-CN`. */
export function languageOf(tag: string): string {
  return tag.split('-')[0]!.toLowerCase();
}

function isLanguage(language: string): language is Language {
  return (LANGUAGES as readonly string[]).includes(language);
}
