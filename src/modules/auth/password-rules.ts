import { Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';
import { Config } from '../../platform/config/config.js';
import { AppError } from '../../platform/errors/app-error.js';
import { identityKey } from '../users/identity-key.js';

/** Whose password it is to be. */
export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
  readonly displayName?: string | undefined;
}

/** The commonest passwords of leaks, some 49,000 of all lengths, in lower case. */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);
const PRODUCT = 'atrium';
/** A shorter word is in many passwords by chance. */
const MIN_HOST_LABEL_CHARS = 4;
const MIN_WORD_CHARS = 2;
/** What is left of a password without the words that anybody could guess must have so much: in all, and where there is no letter in it. */
const MIN_REST_CHARS = 4;
const MIN_REST_WITHOUT_LETTERS_CHARS = 10;

/**
 * Refuses passwords that are among the first to be tried (NIST SP 800-63B §5.1.1.2): common ones, and those that are made of what everybody
 * knows of the account and the server, with little besides. Nothing else is demanded: not this or that kind of character.
 */
@Injectable()
export class PasswordRules {
  private readonly serverWords: readonly string[];

  constructor(config: Config) {
    const url = config.get('PUBLIC_URL');
    const host = url === undefined ? '' : new URL(url).hostname;
    this.serverWords = [PRODUCT, host, ...host.split('.').filter((label) => label.length >= MIN_HOST_LABEL_CHARS)];
  }

  /**
   * @param path of the field that holds the password
   * @throws AppError INVALID_INPUT
   */
  require(path: string, password: string, owner: PasswordOwner): void {
    const problem = this.findProblem(password, owner);
    if (problem !== undefined) throw AppError.invalid(path, problem);
  }

  private findProblem(password: string, owner: PasswordOwner): string | undefined {
    const folded = identityKey(password).trim();
    if (COMMON.has(folded)) return 'must not be one of the most common passwords';
    return isTrivial(folded, this.wordsOf(owner)) ? 'must not be made of your name, your address or the name of the server' : undefined;
  }

  private wordsOf({ username, email, displayName = '' }: PasswordOwner): string[] {
    const mailbox = email.slice(0, email.lastIndexOf('@'));
    const words = [username, email, mailbox, displayName, ...displayName.split(/\s+/), ...mailbox.split(/[.+_-]+/)];
    return [...this.serverWords, ...words.map((word) => identityKey(word).trim())].filter((word) => word.length >= MIN_WORD_CHARS);
  }
}

/** Some of these words are in it, and not much else. */
function isTrivial(folded: string, words: string[]): boolean {
  // The longest first: it may contain others.
  const rest = words.sort((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ' '), folded);
  if (rest === folded) return false;
  const compact = rest.replace(/[\s\p{P}\p{S}]/gu, '');
  return compact.length < MIN_REST_CHARS || COMMON.has(compact) || (!/\p{L}/u.test(compact) && compact.length < MIN_REST_WITHOUT_LETTERS_CHARS);
}
