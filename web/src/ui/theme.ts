export type ThemeChoice = 'system' | 'light' | 'dark';

/** Read by public/theme.js, too, when the page begins. */
const KEY = 'atrium:theme';

/** What the person chose on this device. */
export function chosenTheme(): ThemeChoice {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** The tokens follow the attribute; without one, the system. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset['theme'];
  } else {
    localStorage.setItem(KEY, choice);
    document.documentElement.dataset['theme'] = choice;
  }
}
