import type { Login, Register, Tokens } from '../../../src/protocol/auth.js';
import type { User } from '../../../src/protocol/users.js';
import { AtriumError } from '../errors.js';
import { postJson } from '../rest/post-json.js';
import { isSameJson } from '../same-json.js';
import { type Readable, Value } from '../store.js';
import { patientTokens } from './patient-tokens.js';
import type { StoredTokens, TokenStorage } from './token-storage.js';

/** A token that ends sooner is refreshed before it is used. */
const REFRESH_AHEAD_MS = 30_000;
const TIMEOUT_MS = 20_000;
/** A token is refreshed a little before it ends: an attempt without an answer leaves time for others, which the server answers alike. */
const REFRESH_TIMEOUT_MS = 4_000;

/** Who is signed in on this device, and the tokens that prove it. */
export class Auth {
  private readonly current: Value<User | null>;
  private tokens: StoredTokens | null;
  private refreshing: Promise<string | null> | undefined;
  private readonly storage: Required<TokenStorage>;
  private readonly stopWatching: () => void;

  constructor(
    private readonly apiUrl: string,
    storage: TokenStorage,
  ) {
    this.storage = patientTokens(storage);
    this.tokens = this.storage.load();
    this.current = new Value(this.tokens?.user ?? null);
    this.stopWatching = this.storage.onChange(() => this.adopt(this.storage.load()));
  }

  /** Null while nobody is signed in. */
  get user(): Readable<User | null> {
    return this.current;
  }

  async register(body: Register): Promise<User> {
    return this.signIn(await this.askTokens('register', body, TIMEOUT_MS));
  }

  /** @throws AtriumError `UNAUTHENTICATED` when login or password is wrong */
  async login(body: Login): Promise<User> {
    return this.signIn(await this.askTokens('login', body, TIMEOUT_MS));
  }

  /** Signs this device out. It is signed out here even when the server cannot be told. */
  async logout(): Promise<void> {
    const { tokens } = this;
    this.keep(null);
    if (tokens) await postJson(`${this.apiUrl}/auth/logout`, { refreshToken: tokens.refreshToken }, { timeoutMs: TIMEOUT_MS }).catch(ignoreRefusal);
  }

  /** Ends every session of the user, this one included. */
  async logoutEverywhere(): Promise<void> {
    const token = await this.accessToken();
    if (token) await postJson(`${this.apiUrl}/auth/logout-all`, undefined, { token, timeoutMs: TIMEOUT_MS });
    this.keep(null);
  }

  /** A token that is good for a while yet; null when nobody is signed in. Many callers share one refresh. */
  async accessToken(): Promise<string | null> {
    if (!this.tokens) return null;
    if (this.tokens.expiresAtMs - Date.now() > REFRESH_AHEAD_MS) return this.tokens.accessToken;
    return this.refresh(this.tokens.accessToken);
  }

  /**
   * A token other than the one that the server refused. Null, and signed out, when the session has ended.
   * @throws AtriumError a retryable one, when the server cannot be reached; the sign-in stays
   */
  async refresh(refused: string): Promise<string | null> {
    if (!this.tokens || this.tokens.accessToken !== refused) return this.tokens?.accessToken ?? null;
    this.refreshing ??= this.storage.exclusively(() => this.exchange(refused)).finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  /** A token fresh from the server, whatever the present one is good for. Null, and signed out, when the session has ended. */
  async renew(): Promise<string | null> {
    return this.tokens ? this.refresh(this.tokens.accessToken) : null;
  }

  /** Keeps what the server says of one's own profile. */
  updateUser(user: User): void {
    if (this.tokens) this.keep({ ...this.tokens, user });
  }

  dispose(): void {
    this.stopWatching();
  }

  private async exchange(refused: string): Promise<string | null> {
    // Another tab may have done it while we waited for our turn.
    this.adopt(this.storage.load());
    if (!this.tokens || this.tokens.accessToken !== refused) return this.tokens?.accessToken ?? null;
    const { refreshToken } = this.tokens;
    const next = await this.askTokens('refresh', { refreshToken }, REFRESH_TIMEOUT_MS).catch(nullIfRefused);
    // Signed out meanwhile, or in as somebody else: the answer is about a sign-in that is no longer ours.
    if (this.tokens?.refreshToken === refreshToken) {
      if (next) this.signIn(next);
      else this.keep(null);
    }
    return this.tokens?.accessToken ?? null;
  }

  private async askTokens(route: 'register' | 'login' | 'refresh', body: unknown, timeoutMs: number): Promise<Tokens> {
    const tokens = await postJson<Partial<Tokens> | undefined>(`${this.apiUrl}/auth/${route}`, body, { timeoutMs });
    // Whatever answered, it was not the server.
    if (!tokens?.accessToken) throw AtriumError.network();
    return tokens as Tokens;
  }

  private signIn({ user, accessToken, refreshToken, expiresIn }: Tokens): User {
    this.keep({ user, accessToken, refreshToken, expiresAtMs: Date.now() + expiresIn * 1000 });
    return user;
  }

  private keep(tokens: StoredTokens | null): void {
    this.storage.save(tokens);
    this.adopt(tokens);
  }

  private adopt(tokens: StoredTokens | null): void {
    this.tokens = tokens;
    const user = tokens?.user ?? null;
    if (!isSameJson(this.current.get(), user)) this.current.set(user);
  }
}

/** The session was over before: just what was wanted. */
function ignoreRefusal(error: unknown): void {
  if (AtriumError.from(error).isRetryable) throw error;
}

/** The session has ended. */
function nullIfRefused(error: unknown): null {
  if (AtriumError.from(error).isRetryable) throw error;
  return null;
}
