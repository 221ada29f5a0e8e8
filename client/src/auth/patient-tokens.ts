import { warnOnce } from '../patience.js';
import type { SignInNote, StoredTokens, TokenStorage } from './token-storage.js';

/**
 * How long one waits for other tabs. One refresh takes at most 4 s; whoever waits longer goes on without its turn, and in time for the
 * server to answer the same to both (10 s).
 */
export const TURN_PATIENCE_MS = 6_000;

/**
 * The same storage, which never throws and never keeps its caller waiting. Where it keeps nothing (it is full, or forbidden in this
 * frame) the sign-in ends with the tab; where it grants no turn, work runs without one.
 */
export function patientTokens(storage: TokenStorage): Required<TokenStorage> {
  /** As last stored or read. */
  let known: StoredTokens | null = null;
  const notes = new Map<SignInNote, string | null>();
  /** What is stored is older. */
  let isUnkept = false;
  const warn = warnOnce('The sign-in is not kept on this device');
  const attempt = <T>(action: () => T, otherwise: () => T): T => {
    try {
      return action();
    } catch (error) {
      warn(error);
      return otherwise();
    }
  };
  return {
    // What cannot be read, or is half of something, leaves things as they were.
    load: () => (known = isUnkept ? known : attempt(() => storage.load(), () => known)),
    save(tokens) {
      known = tokens;
      isUnkept = !attempt(
        () => {
          storage.save(tokens);
          return true;
        },
        () => false,
      );
    },
    loadNote: (name) => attempt(() => storage.loadNote?.(name), () => undefined) ?? notes.get(name) ?? null,
    saveNote(name, note) {
      notes.set(name, note);
      attempt(() => storage.saveNote?.(name, note), ignore);
    },
    onChange: (listener) => attempt(() => storage.onChange?.(listener) ?? ignore, () => ignore),
    exclusively: storage.exclusively ? patientTurns((work) => storage.exclusively!(work)) : (work) => work(),
  };
}

function ignore(): void {
  // There is nothing to be done.
}

type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Work runs once: in its turn, or without one where asking for it fails or takes too long. Then nobody else waits either, until the turn
 * that was asked for has come.
 */
function patientTurns(exclusively: Exclusively): Exclusively {
  let isStuck = false;
  return (work) =>
    isStuck
      ? work()
      : new Promise((resolve, reject) => {
          let hasBegun = false;
          const begin = async (): Promise<void> => {
            if (hasBegun) return;
            hasBegun = true;
            clearTimeout(timer);
            await work().then(resolve, reject);
          };
          const timer = setTimeout(() => {
            isStuck = true;
            void begin();
          }, TURN_PATIENCE_MS);
          const inTurn = (): Promise<void> => {
            isStuck = false;
            return begin();
          };
          Promise.resolve()
            .then(() => exclusively(inTurn))
            .catch(() => begin());
        });
}
