import { useUser } from '@atrium/client/react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import { paths, withNext } from '../shell/paths.js';
import { takeSignOutWish } from './sign-out.js';

/** What the sign-in page is told in the history state. */
export interface SignInState {
  hasEnded?: boolean;
}

/** Shows its children to who is signed in; everybody else signs in first, and comes back. */
export function RequireSignIn({ children }: { children: ReactNode }) {
  const isSignedIn = useUser() !== null;
  const wasSignedIn = useRef(isSignedIn);
  const [path, navigate] = useLocation();
  const search = useSearch();
  useEffect(() => {
    if (isSignedIn) {
      wasSignedIn.current = true;
      return;
    }
    const isWanted = takeSignOutWish();
    const state: SignInState = { hasEnded: wasSignedIn.current && !isWanted };
    wasSignedIn.current = false;
    const wanted = search === '' ? path : `${path}?${search}`;
    navigate(isWanted ? paths.signIn : withNext(paths.signIn, wanted), { replace: true, state });
  }, [isSignedIn, navigate, path, search]);
  return isSignedIn ? children : null;
}
