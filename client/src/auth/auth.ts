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

  /** @param inCookie the browser keeps the refresh token, where no script can read it */
  constructor(
    private readonly apiUrl: string,
    storage: TokenStorage,
    private readonly inCookie = false,
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
    return this.enter('register', body);
  }

  /** @throws AtriumError `UNAUTHENTICATED` when login or password is wrong */
  async login(body: Login): Promise<User> {
    return this.enter('login', body);
  }

  /** Signs this device out. It is signed out here even when the server cannot be told. */
  async logout(): Promise<void> {
    const { tokens } = this;
    if (tokens && this.inCookie) this.storage.saveNote('sign-out', 'due');
    this.keep(null);
    if (tokens) await this.inTurn(() => this.endSession(tokens));
  }

  /**
   * Tells the server of a sign-out that it has not heard of: the cookie of that sign-in is still there, and no script can remove it.
   * @throws AtriumError a retryable one, when the server cannot be told this time either
   */
  async finishLogout(): Promise<void> {
    // Asked once more when it is our turn: in another tab, somebody may have signed in meanwhile.
    if (this.storage.loadNote('sign-out')) await this.inTurn(async () => this.storage.loadNote('sign-out') && this.endSession());
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
    const next = await this.askTokens('refresh', refreshToken && { refreshToken, ...this.deviceFields() }, REFRESH_TIMEOUT_MS).catch(nullIfRefused);
    // Signed out meanwhile, or in as somebody else: the answer is about a sign-in that is no longer ours.
    if (this.tokens?.accessToken === refused) {
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

  private enter(route: 'register' | 'login', body: Register | Login): Promise<User> {
    return this.inTurn(async () => this.signIn(await this.askTokens(route, { ...body, ...this.deviceFields() }, TIMEOUT_MS)));
  }

  /** Not while a refresh is under way, where its answer could replace the cookie of another sign-in. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.inCookie ? this.storage.exclusively(work) : work();
  }

  private async endSession(tokens?: StoredTokens): Promise<void> {
    await postJson(`${this.apiUrl}/auth/logout`, tokens?.refreshToken && { refreshToken: tokens.refreshToken }, { timeoutMs: TIMEOUT_MS }).catch(ignoreRefusal);
    this.storage.saveNote('sign-out', null);
  }

  private deviceFields(): Pick<Login, 'cookie' | 'deviceToken'> {
    const deviceToken = this.storage.loadNote('device');
    return { ...(this.inCookie && { cookie: true }), ...(deviceToken && { deviceToken }) };
  }

  private signIn({ user, accessToken, refreshToken, expiresIn, deviceToken }: Tokens): User {
    if (deviceToken) this.storage.saveNote('device', deviceToken);
    this.storage.saveNote('sign-out', null);
    this.keep({ user, accessToken, ...(refreshToken && { refreshToken }), expiresAtMs: Date.now() + expiresIn * 1000 });
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

/** The session has ended; unless a server of an older version has not understood, while its neighbours are replaced already. */
function nullIfRefused(error: unknown): null {
  const { isRetryable, code } = AtriumError.from(error);
  if (code === 'INVALID_INPUT') throw AtriumError.network(error);
  if (isRetryable) throw error;
  return null;
}
