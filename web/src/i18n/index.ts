import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { editorEn } from '../page-editor/editor.en.js';
import { en } from './en.js';
import { chosenLanguage, localeFor } from './language.js';
import { zh } from './zh.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    /** The texts of the editor are added when it is loaded. */
    resources: { translation: typeof en & { editor: typeof editorEn } };
  }
}

/** Everything is here already, so that it is done when it returns. */
export function startI18n(): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, zh: { translation: zh } },
    lng: localeFor(chosenLanguage(), navigator.languages),
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  const tell = (locale: string): void => {
    document.documentElement.lang = locale;
  };
  tell(i18next.language);
  i18next.on('languageChanged', tell);
}
