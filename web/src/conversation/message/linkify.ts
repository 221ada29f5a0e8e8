import { LinkifyIt, type Match, REBuilder } from 'linkify-it';

/**
 * Characters that no address goes on behind, besides spaces and punctuation, which linkify-it knows of all scripts: what is not seen or turns
 * the direction of writing, full-width symbols, arrows and lines.
 */
const SEPARATORS = /[><\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u2190-\u21ff\u2500-\u257f\ufeff\uff0b\uff1c-\uff1e\uff3e\uff40\uff5c\uff5e\uffe0-\uffe6]/;
/** Scripts that set no spaces between words, so that an address may stand between any two letters: CJK, Hangul, Thai, Lao, Myanmar, Khmer. */
const UNSPACED = '[\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u312f\\u31f0-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7ff\\uf900-\\ufaff\\uff66-\\uff9f]';
/** Another address that follows without a space, as in a list with commas; not one inside this one, as archives have. */
const NEXT_ADDRESS = /[,;|!]+(?=(?:https?:\/\/|mailto:|www\.))/i;
/** Emphasis around an address, with the punctuation behind it. */
const CLOSING_MARKS = /[*_~]+[.,:;!?'")\]}]*$/;
/** `README.md` is a file, and `user.name` code, though Moldova has such addresses. */
const FILE_NAME = /^(?!www\.)[^/?#]+\.(?:md|name|py|rs|sh)$/i;
/** A name and a password before the host: people are misled by them, and browsers ignore them. */
const CREDENTIALS = /^\/\/[^/?#]*@/;
/** An e-mail address here would be the end of an address with a password, which we refused. */
const AFTER_SCHEME = /:\/\/[^\s,;]*$/;
const MAX_ADDRESS_CHARS = 2_048;

/** Where addresses begin and end in all languages, and not only behind spaces. */
class AddressPatterns extends REBuilder {
  override get_text_separators(): RegExp {
    return SEPARATORS;
  }

  /** Behind anything but a letter or digit of ASCII. */
  override get_schema_search(): RegExp {
    return (this.cache.schema_search ??= new RegExp(`(^|[^a-z0-9])(${this.get_schema_names().source})`, 'ig'));
  }

  /** Without a scheme only names whose labels are of scripts that set spaces: in others nobody could say where they begin. */
  override get_fuzzy_url_host_port(): RegExp {
    return (this.cache.fuzzy_url_host_port ??= new RegExp(`${this.spacedLabels(10)}(?:${this.get_tld().source})${this.spacedEnd()}`));
  }

  override get_fuzzy_mail_host(): RegExp {
    return (this.cache.src_fuzzy_mail_host ??= new RegExp(`${this.spacedLabels(4)}[a-z]{2,63}${this.spacedEnd()}`));
  }

  override get_mail_name(): RegExp {
    return /[\w+-](?:[\w+-]|\.(?=[\w+-])){0,63}/;
  }

  override get_mail_name_validator(): RegExp {
    return (this.cache.mail_name_validator ??= new RegExp(`(?:^|[^\\w.+-])(${this.get_mail_name().source})$`));
  }

  private spacedLabels(max: number): string {
    const letter = `(?:(?!${UNSPACED})${this.get_pseudo_letter().source})`;
    return `(?:${letter}(?:(?:-|${letter}){0,61}${letter})?\\.){1,${max}}`;
  }

  private spacedEnd(): string {
    return `(?:(?=${UNSPACED})|${this.get_host_terminator().source})`;
  }

  override get_fuzzy_link_search(): RegExp {
    const start = `(^|(?![.:/\\-_@])(?:[$+=^\`]|${SEPARATORS.source}|${UNSPACED}|${this.src_ZPCc}))`;
    return (this.cache.link_fuzzy_search ??= new RegExp(`${start}(${this.get_fuzzy_url_host_port().source}${this.get_path().source})`, 'ig'));
  }
}

class Linkifier extends LinkifyIt {
  override match(text: string): Match[] {
    return (super.match(text) ?? []).filter(({ schema, raw, index }) => {
      if (schema === '') return !FILE_NAME.test(raw);
      return schema !== 'mailto:' || !AFTER_SCHEME.test(text.slice(Math.max(0, index - 100), index));
    });
  }
}

/** Finds addresses in a text: http, https and mailto, names of hosts without a scheme, and e-mail addresses. */
export const linkifier = makeLinkifier();

function makeLinkifier(): Linkifier {
  const finder = new Linkifier({ rebuilder: new AddressPatterns(), fuzzyLink: true, fuzzyEmail: true, maxLength: MAX_ADDRESS_CHARS });
  const bounded = (length: (text: string, pos: number) => number) => ({
    validate: (text: string, pos: number) => length(text.slice(0, endOfAddress(text, pos)), pos),
  });
  const http = bounded((text, pos) => {
    const re = finder.re.get_http_validator();
    re.lastIndex = pos;
    return CREDENTIALS.test(text.slice(pos)) ? 0 : lengthWithoutWord(re.exec(text)?.[0] ?? '');
  });
  const mailto = bounded((text, pos) => {
    const re = finder.re.get_mailto_validator();
    re.lastIndex = pos;
    return re.exec(text)?.[0].length ?? 0;
  });
  finder.add('ftp:', null).add('//', null).add('http:', http).add('https:', http).add('mailto:', mailto);
  finder.tlds(['app', 'blog', 'cloud', 'dev', 'online', 'site', 'store', 'tech', 'wiki', 'xyz'], true);
  return finder;
}

/** Where an address that begins here ends at the latest. */
function endOfAddress(text: string, pos: number): number {
  const rest = text.slice(pos, pos + MAX_ADDRESS_CHARS);
  const space = rest.search(/\s/);
  const word = space < 0 ? rest : rest.slice(0, space);
  const next = word.search(NEXT_ADDRESS);
  const one = next < 0 ? word : word.slice(0, next);
  return pos + one.replace(CLOSING_MARKS, '').length;
}

/** No top-level domain mixes scripts: where the last label goes on in another one, a word follows, as in `https://a.example吧`. */
function lengthWithoutWord(address: string): number {
  return /^\/\/[^/?#]*\.[a-z0-9-]+(?=[^\u0000-\u007f][^/?#.]*(?:[/?#]|$))/i.exec(address)?.[0].length ?? address.length;
}
