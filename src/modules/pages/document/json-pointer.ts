/** The text is no JSON Pointer. */
export class PointerSyntaxError extends Error {}

/**
 * The reference tokens of a JSON Pointer (RFC 6901 §3–4), unescaped; none for the whole document.
 * @throws PointerSyntaxError
 */
export function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PointerSyntaxError('must be empty or begin with /');
  const tokens = pointer.slice(1).split('/');
  if (!pointer.includes('~')) return tokens;
  return tokens.map((token) => {
    if (/~(?![01])/.test(token)) throw new PointerSyntaxError('has a ~ that is followed by neither 0 nor 1');
    // In this order: ~01 is "~1", not "/".
    return token.replaceAll('~1', '/').replaceAll('~0', '~');
  });
}

export function formatPointer(tokens: readonly (string | number)[]): string {
  let pointer = '';
  for (const token of tokens) {
    const text = String(token);
    pointer += text.includes('~') || text.includes('/') ? `/${text.replaceAll('~', '~0').replaceAll('/', '~1')}` : `/${text}`;
  }
  return pointer;
}

const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** The array index that a token says (RFC 6901 §4: digits without a leading zero); undefined for anything else, `-` included. */
export function parseIndex(token: string): number | undefined {
  return INDEX.test(token) ? Number(token) : undefined;
}

/** True when `tokens` lead to `prefix` or into it. */
export function startsWith(tokens: readonly string[], prefix: readonly string[]): boolean {
  if (prefix.length > tokens.length) return false;
  for (let i = 0; i < prefix.length; i++) if (tokens[i] !== prefix[i]) return false;
  return true;
}
