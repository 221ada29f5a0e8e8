export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'atrium:theme';

/** What the person chose on this device. */
export function chosenTheme(): ThemeChoice {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  applyTheme();
}

/** The tokens follow the attribute; without one, the system. */
export function applyTheme(): void {
  const choice = chosenTheme();
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
}
