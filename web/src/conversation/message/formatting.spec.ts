import { describe, expect, it } from 'vitest';
import { format } from './formatting.js';

describe('format', () => {
  it('finds spans and blocks of code, and no links in them', () => {
    expect(format('run `curl https://a.example`:\n```sh\ncurl https://b.example\n```\nor https://c.example')).toEqual([
      { kind: 'text', text: 'run ' },
      { kind: 'code', text: 'curl https://a.example' },
      { kind: 'text', text: ':\n' },
      { kind: 'block', text: 'curl https://b.example' },
      { kind: 'text', text: 'or ' },
      { kind: 'link', text: 'https://c.example', href: 'https://c.example/' },
    ]);
  });

  it.each(['a ` b', '``', '` `', '```\n```', 'a `b\nc` d', '**not bold** <b>nor HTML</b>'])('leaves %j as it is', (text) => {
    expect(format(text)).toEqual([{ kind: 'text', text }]);
  });

  it('takes a block on one line', () => {
    expect(format('```x = 1```')).toEqual([{ kind: 'block', text: 'x = 1' }]);
  });
});
