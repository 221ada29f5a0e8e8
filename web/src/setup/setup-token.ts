const KEY = 'atrium:setup-token';

/**
 * The token of the link to become the administrator. It stands behind the `#`, which browsers do not send to servers; here it is taken out
 * of the address, which ends up in histories and on screens, and kept in this tab until it is used.
 */
export function takeSetupToken(): string | null {
  const token = location.hash.slice(1);
  if (token !== '') {
    sessionStorage.setItem(KEY, token);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY);
}

/** The one that was taken in this tab. */
export function findSetupToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function forgetSetupToken(): void {
  sessionStorage.removeItem(KEY);
}
