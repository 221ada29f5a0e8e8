import { describe, expect, it } from 'vitest';
import { toHref } from './address.js';
import { linkifier } from './linkify.js';

const links = (text: string) => linkifier.match(text).map(({ raw }) => raw);

describe('addresses in a text', () => {
  it.each([
    // Sentences around them.
    ['Read https://a.example.', 'https://a.example'],
    ['Is it https://a.example/x?', 'https://a.example/x'],
    ['https://a.example/x, and', 'https://a.example/x'],
    ['https://a.example/x...', 'https://a.example/x'],
    ['(https://a.example/x)', 'https://a.example/x'],
    ['[https://a.example/x]', 'https://a.example/x'],
    ['"https://a.example/x"', 'https://a.example/x'],
    ["'https://a.example/x'", 'https://a.example/x'],
    ['“https://a.example”', 'https://a.example'],
    ['«https://a.example/x»', 'https://a.example/x'],
    ['<https://a.example>', 'https://a.example'],
    ['https://a.example/x|y', 'https://a.example/x|y'],
    ['https://en.wikipedia.org/wiki/Set_(mathematics)!', 'https://en.wikipedia.org/wiki/Set_(mathematics)'],
    ['https://a.example/f(g(x)).', 'https://a.example/f(g(x))'],
    // Emphasis around them.
    ['**https://a.example**', 'https://a.example'],
    ['_https://a.example_', 'https://a.example'],
    ['_https://a.example/x_', 'https://a.example/x'],
    ['*https://a.example/x*.', 'https://a.example/x'],
    ['~~https://a.example/x~~!', 'https://a.example/x'],
    ['__https://a.example__', 'https://a.example'],
    // What they consist of.
    ['https://a.example/b?c=d&e=f#g', 'https://a.example/b?c=d&e=f#g'],
    ['https://a.example/a_b_c', 'https://a.example/a_b_c'],
    ['https://a.example/~ada/*', 'https://a.example/~ada/'],
    ['https://a.example:8080/x', 'https://a.example:8080/x'],
    ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
    ['http://localhost:3000/', 'http://localhost:3000/'],
    ['http://192.168.0.1/x', 'http://192.168.0.1/x'],
    ['HTTP://A.EXAMPLE', 'HTTP://A.EXAMPLE'],
    ['https://www.google.com/maps/@40.7,-73.9,11z', 'https://www.google.com/maps/@40.7,-73.9,11z'],
    ['https://web.archive.org/web/2020/https://b.example/x', 'https://web.archive.org/web/2020/https://b.example/x'],
    ['https://münchen.de/straße', 'https://münchen.de/straße'],
    ['https://例子.中国/路径', 'https://例子.中国/路径'],
    ['https://президент.рф/', 'https://президент.рф/'],
    ['https://medium.com/@ada/x', 'https://medium.com/@ada/x'],
    // Chinese, Japanese and Korean.
    ['看https://a.example/路径，很好', 'https://a.example/路径'],
    ['见https://a.example。', 'https://a.example'],
    ['https://a.example很好', 'https://a.example'],
    ['（https://a.example/x）', 'https://a.example/x'],
    ['「https://a.example/x」', 'https://a.example/x'],
    ['【https://a.example/x】', 'https://a.example/x'],
    ['〔https://a.example/x〕', 'https://a.example/x'],
    ['〖https://a.example/x〗', 'https://a.example/x'],
    ['｢https://a.example/x｣', 'https://a.example/x'],
    ['〝https://a.example/x〟', 'https://a.example/x'],
    ['https://a.example/x｡', 'https://a.example/x'],
    ['https://a.example/x､y', 'https://a.example/x'],
    ['https://a.example/x．', 'https://a.example/x'],
    ['https://a.example/x！', 'https://a.example/x'],
    ['https://a.example/x～y', 'https://a.example/x'],
    ['https://a.example/x〜', 'https://a.example/x'],
    ['https://a.example/x・y', 'https://a.example/x'],
    ['https://a.example/x……', 'https://a.example/x'],
    ['https://a.example/x——y', 'https://a.example/x'],
    ['＜https://a.example/x＞', 'https://a.example/x'],
    ['https://a.example/x｜y', 'https://a.example/x'],
    ['https://a.exampleを見て', 'https://a.example'],
    ['https://a.example에서 봐요', 'https://a.example'],
    // Arabic, Urdu, Hebrew, Hindi, Thai, Amharic, Armenian, Tibetan, Khmer, Burmese.
    ['زوروا https://a.example/x، ثم', 'https://a.example/x'],
    ['هل https://a.example؟', 'https://a.example'],
    ['https://a.example؛ ثم', 'https://a.example'],
    ['دیکھیے https://a.example/x۔', 'https://a.example/x'],
    ['ראו https://a.example/x׃', 'https://a.example/x'],
    ['देखो https://a.example/हिन्दी। और', 'https://a.example/हिन्दी'],
    ['https://a.example॥', 'https://a.example'],
    ['ดูhttps://a.exampleนะ', 'https://a.example'],
    ['https://a.example/x።', 'https://a.example/x'],
    ['https://a.example/x։', 'https://a.example/x'],
    ['https://a.example/x།', 'https://a.example/x'],
    ['https://a.example/x។', 'https://a.example/x'],
    ['https://a.example/x။', 'https://a.example/x'],
    // What is not seen, or turns the direction of writing.
    ['https://a.example\u200bnext', 'https://a.example'],
    ['https://a.example/x\u200b', 'https://a.example/x'],
    ['\ufeffhttps://a.example/x\ufeff', 'https://a.example/x'],
    ['https://a.example/x\u2060y', 'https://a.example/x'],
    ['https://a.example/\u202egro.elpmaxe', 'https://a.example/'],
    ['\u2068https://a.example/x\u2069', 'https://a.example/x'],
    ['https://a.example/x\u200f.', 'https://a.example/x'],
    ['https://a.example\u00a0x', 'https://a.example'],
    ['https://a.example\u2028x', 'https://a.example'],
    ['https://a.example/x→y', 'https://a.example/x'],
    ['https://a.example👍', 'https://a.example'],
    // Without a scheme.
    ['www.example.org/x.', 'www.example.org/x'],
    ['see example.com', 'example.com'],
    ['example.dev/x', 'example.dev/x'],
    ['看www.example.com吧', 'www.example.com'],
    ['example.com、', 'example.com'],
    ['президент.рф', 'президент.рф'],
    // Mail.
    ['mailto:ada@example.org?', 'mailto:ada@example.org'],
    ['write to ada.l+x@example.org.', 'ada.l+x@example.org'],
    ['请发到ada@example.org谢谢', 'ada@example.org'],
  ])('end where they end: %j', (text, address) => expect(links(text)).toEqual([address]));

  it.each([
    ['a,https://a.example', ['https://a.example']],
    ['https://a.example,https://b.example', ['https://a.example', 'https://b.example']],
    ['https://a.example/x,https://b.example/y;http://c.example', ['https://a.example/x', 'https://b.example/y', 'http://c.example']],
    ['https://a.example/x、https://b.example/y', ['https://a.example/x', 'https://b.example/y']],
    ['https://a.example،https://b.example', ['https://a.example', 'https://b.example']],
    ['ada@example.org,bob@example.org', ['ada@example.org', 'bob@example.org']],
    ['a https://b.example, (mailto:c@d.example) https:// e\nhttps://f.example', ['https://b.example', 'mailto:c@d.example', 'https://f.example']],
  ])('are told apart: %j', (text, addresses) => expect(links(text)).toEqual(addresses));

  it.each([
    'javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'xhttps://a.example', 'https://', 'https://.', 'mailto:nobody', 'vbscript:x', 'file:///etc/passwd', '//a.example',
    'https://user:password@example.com/', 'https://bank.example@evil.example', 'README.md', 'main.rs', 'user.name', 'setup.py', 'v1.2.3', '1.2.3.4', 'e.g. this', 'index.ts', 'foo.invalid', '12.30', '谢谢。好', '@ada',
  ])('are none: %j', (text) => expect(links(text)).toEqual([]));

  /** What backtracks, or begins anew at each character, does not end before the test is given up. */
  it.each(['https://', 'https://a.example/(', 'a.', 'a@', 'www.', ',https://a.example', '_https://a.example', 'https://a.example/*_~', '看a.com', '@a.', '-.'])('are looked for in 16,000 characters of %j', { timeout: 10_000 }, (unit) => {
    const text = unit.repeat(Math.ceil(16_000 / unit.length));
    for (const flood of [text, `x${text}`, `https://a.example/${text}`]) for (const { index, lastIndex, raw } of linkifier.match(flood)) expect(flood.slice(index, lastIndex)).toBe(raw);
  });
});

describe('toHref', () => {
  it('refuses every other scheme, however it is written', () => {
    expect(['JavaScript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', '//a.example', '/x', 'blob:https://a.example/1'].map(toHref)).toEqual([null, null, null, null, null, null]);
    expect(['https://bank.example@evil.example/', 'https://:x@evil.example/'].map(toHref)).toEqual([null, null]);
    expect(toHref('HTTPS://a.example')).toBe('https://a.example/');
  });
});
