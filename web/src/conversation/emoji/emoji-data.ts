import { languageOf } from '../../i18n/language.js';
import { basePath } from '../../shell/base-path.js';

/** Written by the build from emojibase-data: nothing is fetched from elsewhere. */
export const DATA_URL = `${basePath}/emoji`;

/** One emoji, with the words that lead to it, in lower case. */
export interface Emoji {
  readonly emoji: string;
  /** What CLDR calls it, in the reader's language. */
  readonly label: string;
  /** Keywords of CLDR, in the same language. */
  readonly tags: readonly string[];
  /** What is written between colons: the same in every language. */
  readonly shortcodes: readonly string[];
  /** The same in each skin tone, from 1 (light) to 5 (dark). */
  readonly skins?: readonly { readonly emoji: string; readonly tone: number | readonly number[] }[];
}

const loading = new Map<string, Promise<readonly Emoji[]>>();

export function emojiLanguage(locale: string): 'en' | 'zh' {
  return languageOf(locale) === 'zh' ? 'zh' : 'en';
}

/** All emoji, in the order of CLDR; read once. */
export function loadEmoji(language: 'en' | 'zh'): Promise<readonly Emoji[]> {
  let load = loading.get(language);
  if (!load) {
    load = readEmoji(language);
    loading.set(language, load);
    // Who asks again tries again.
    load.catch(() => loading.delete(language));
  }
  return load;
}

async function readEmoji(language: 'en' | 'zh'): Promise<readonly Emoji[]> {
  const answer = await fetch(`${DATA_URL}/${language}/data.json`);
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
  const all = (await answer.json()) as (Emoji & { tags?: string[] })[];
  const lower = (words: readonly string[] = []): string[] => words.map((word) => word.toLowerCase());
  return all.map(({ emoji, label, tags, shortcodes, skins }) => ({ emoji, label: label.toLowerCase(), tags: lower(tags), shortcodes: lower(shortcodes), ...(skins && { skins }) }));
}

/** In the skin tone that was chosen: 0 for none, else 1 to 5. */
export function inTone({ emoji, skins }: Emoji, tone: number): string {
  return (tone > 0 ? skins?.find((skin) => skin.tone === tone)?.emoji : undefined) ?? emoji;
}
