import { describe, expect, it } from 'vitest';
import { linkify, toHref } from './linkify.js';

const links = (text: string) => linkify(text).flatMap((part) => (part.kind === 'link' ? part.text : []));

describe('linkify', () => {
  it('splits a text at its addresses', () => {
    expect(linkify('see https://a.example/b?c=d#e now')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://a.example/b?c=d#e', href: 'https://a.example/b?c=d#e' },
      { kind: 'text', text: ' now' },
    ]);
  });

  it.each([
    ['Read https://a.example.', 'https://a.example'],
    ['(https://a.example/x)', 'https://a.example/x'],
    ['https://en.wikipedia.org/wiki/Set_(mathematics)!', 'https://en.wikipedia.org/wiki/Set_(mathematics)'],
    ['“https://a.example”', 'https://a.example'],
    ['<https://a.example>', 'https://a.example'],
    ['**https://a.example**', 'https://a.example'],
    ['看https://a.example/路径，很好', 'https://a.example/路径'],
    ['mailto:ada@example.org?', 'mailto:ada@example.org'],
    ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
  ])('finds where the address in %s ends', (text, address) => {
    expect(links(text)).toEqual([address]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'www.example.org', 'xhttps://a.example', 'https://', 'mailto:nobody', 'vbscript:x', 'file:///etc/passwd'])('leaves %s alone', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('ends an address before a character that would turn its direction', () => {
    expect(links('https://a.example/\u202egro.elpmaxe')).toEqual(['https://a.example/']);
  });

  it('loses no character', () => {
    const text = 'a https://b.example, (mailto:c@d.example) https:// e\nhttps://f.example';
    expect(linkify(text).map((part) => part.text).join('')).toBe(text);
  });

  it('takes time in proportion to the text', () => {
    const start = performance.now();
    linkify('https://a.example/' + ')'.repeat(16_000));
    linkify('https://'.repeat(2_000));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('toHref', () => {
  it('refuses every other scheme, however it is written', () => {
    expect(['JavaScript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', '//a.example', '/x', 'blob:https://a.example/1'].map(toHref)).toEqual([null, null, null, null, null, null]);
    expect(toHref('HTTPS://a.example')).toBe('https://a.example/');
  });
});
