const KEY = 'atrium:accept-invite';

/** Somebody who is not signed in wants to accept this invite: signing in or up is all that is left to do. */
export function wishToAccept(token: string): void {
  sessionStorage.setItem(KEY, token);
}

/** Whether that was wished in this tab. */
export function isWishedToAccept(token: string): boolean {
  return sessionStorage.getItem(KEY) === token;
}

/** The same; asking ends the wish. */
export function takeAcceptWish(token: string): boolean {
  const isWished = isWishedToAccept(token);
  sessionStorage.removeItem(KEY);
  return isWished;
}
