import { AppError } from '../errors/app-error.js';

/** The entity tag of a version (RFC 9110 §8.8.3): strong, because a version never changes. */
export function toETag(version: number): string {
  return `"${version}"`;
}

/** An entity tag as a client sends it. `version` is undefined for a tag that is none of ours. */
interface EntityTag {
  readonly isWeak: boolean;
  readonly version: number | undefined;
}

/** What `If-Match` or `If-None-Match` names: any version, or these. */
type TagList = '*' | readonly EntityTag[];

const ANY = '*';
const OUR_TAG = /^(?:0|[1-9]\d{0,14})$/;
/** An element of the list: perhaps a tag (an opaque tag may have commas within its quotes), then a comma or the end (RFC 9110 §5.6.1, §8.8.3). */
const ELEMENT = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\u00ff]*)"[ \t]*)?(?:,|$)/y;

/** The tags of a header; several lines of it arrive as one, joined by commas. Undefined when it is neither `*` nor a list of tags. */
function parseTags(header: string): TagList | undefined {
  if (header.trim() === ANY) return ANY;
  const tags: EntityTag[] = [];
  ELEMENT.lastIndex = 0;
  while (ELEMENT.lastIndex < header.length) {
    const [, weak, opaque] = ELEMENT.exec(header) ?? [];
    // A failed match resets the position.
    if (ELEMENT.lastIndex === 0) return undefined;
    if (opaque !== undefined) tags.push({ isWeak: weak !== undefined, version: OUR_TAG.test(opaque) ? Number(opaque) : undefined });
  }
  return tags;
}

/**
 * The tags of a precondition.
 * @throws AppError INVALID_INPUT for what is no list of tags: a change that was meant to depend on one must not happen without
 */
function tagsOf(name: 'If-Match' | 'If-None-Match', header: string | undefined): TagList | undefined {
  if (header === undefined) return undefined;
  const tags = parseTags(header);
  if (!tags) throw AppError.invalid(name, 'must be * or a list of ETags, such as "42"');
  return tags;
}

/** Compared strongly (RFC 9110 §8.8.3.2): neither may be weak. */
function matchesStrongly(tags: TagList, version: number): boolean {
  return tags === ANY || tags.some((tag) => !tag.isWeak && tag.version === version);
}

/** Compared weakly: the same, whatever is weak. */
function matchesWeakly(tags: TagList, version: number): boolean {
  return tags === ANY || tags.some((tag) => tag.version === version);
}

/** Whether `If-None-Match` of a read names this version, so that the client has it already. What is no list of tags names none. */
export function isKnown(ifNoneMatch: string | undefined, version: number): boolean {
  const tags = ifNoneMatch === undefined ? undefined : parseTags(ifNoneMatch);
  return tags !== undefined && matchesWeakly(tags, version);
}

/** Whether `If-None-Match` asks to write only what is not there yet (RFC 9110 §13.1.2: `*`). */
export function isOnlyIfAbsent(ifNoneMatch: string | undefined): boolean {
  return ifNoneMatch?.trim() === ANY;
}

/** What a change of something that is there depends on: `If-Match` and `If-None-Match` (RFC 9110 §13.1.1, §13.1.2), in the order of §13.2.2. */
export class Preconditions {
  private constructor(
    private readonly ifMatch: TagList | undefined,
    private readonly ifNoneMatch: TagList | undefined,
  ) {}

  /** @throws AppError INVALID_INPUT for a header that is neither `*` nor a list of tags */
  static of(headers: Readonly<Record<string, string | string[] | undefined>>): Preconditions {
    const tags = (name: 'If-Match' | 'If-None-Match') => tagsOf(name, headers[name.toLowerCase()]?.toString());
    return new Preconditions(tags('If-Match'), tags('If-None-Match'));
  }

  /** There are none. */
  get areNone(): boolean {
    return this.ifMatch === undefined && this.ifNoneMatch === undefined;
  }

  /** `If-Match` names versions, and not just any. */
  get nameVersions(): boolean {
    return this.ifMatch !== undefined && this.ifMatch !== ANY;
  }

  /** Of a patch, the version that it was made on: the one strong tag of `If-Match`. Undefined when they say anything else. */
  get base(): number | undefined {
    if (this.ifMatch === undefined || this.ifMatch === ANY || this.ifMatch.length !== 1 || this.ifNoneMatch !== undefined) return undefined;
    const [tag] = this.ifMatch;
    return tag!.isWeak ? undefined : tag!.version;
  }

  /** The newest version that they name; to judge them takes a state that is no older. */
  get newest(): number {
    const versions = [this.ifMatch, this.ifNoneMatch].flatMap((tags) => (tags === undefined || tags === ANY ? [] : tags.map(({ version }) => version ?? 0)));
    return versions.reduce((newest, version) => Math.max(newest, version), 0);
  }

  /** @throws AppError PRECONDITION_FAILED with the version that stands there */
  require(version: number): void {
    if (this.ifMatch !== undefined && !matchesStrongly(this.ifMatch, version)) throw failed('It is not the version that If-Match names', version);
    if (this.ifNoneMatch !== undefined && matchesWeakly(this.ifNoneMatch, version)) throw failed('It is a version that If-None-Match excludes', version);
  }

  /** Passes what `find` finds on. `If-Match: *` asks for something to be there, so that a missing one fails the precondition instead. */
  async orAbsent<T>(find: () => Promise<T>): Promise<T> {
    try {
      return await find();
    } catch (error) {
      if (this.ifMatch === ANY && error instanceof AppError && error.status === 404) throw new AppError('PRECONDITION_FAILED', { detail: 'There is nothing that If-Match could match' });
      throw error;
    }
  }
}

function failed(detail: string, version: number): AppError {
  return new AppError('PRECONDITION_FAILED', { detail, extra: { version } });
}
