import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.js';
import { type Block, type Inline, plainText } from './message-tree.js';

/** As tags, so that a case is one line. */
function show(blocks: readonly Block[]): string {
  return blocks.map(showBlock).join('');
}
function showBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${block.children.map(showInline).join('')}</p>`;
    case 'quote':
      return `<quote>${show(block.children)}</quote>`;
    case 'code':
      return `<pre>${block.text}</pre>`;
    case 'list':
      return `<list${block.start === undefined ? '' : ` ${block.start}`}>${block.items.map((item) => `<item>${show(item)}</item>`).join('')}</list>`;
  }
}
function showInline(inline: Inline): string {
  if (typeof inline === 'string') return inline;
  if (inline.kind === 'code') return `<code>${inline.text}</code>`;
  const children = inline.children.map(showInline).join('');
  return inline.kind === 'link' ? `<a ${inline.href}>${children}</a>${inline.host ? `(${inline.host})` : ''}` : `<${inline.kind}>${children}</${inline.kind}>`;
}
const shown = (content: string) => show(parseMarkdown(content));

describe('Markdown in a message', () => {
  it.each([
    ['**bold** and *italic*, __bold__ and _italic_', '<p><strong>bold</strong> and <em>italic</em>, <strong>bold</strong> and <em>italic</em></p>'],
    ['***both***', '<p><em><strong>both</strong></em></p>'],
    ['~~gone~~ ~here~', '<p><del>gone</del> ~here~</p>'],
    ['`a **b** https://c.example`', '<p><code>a **b** https://c.example</code></p>'],
    ['run:\n```sh\ncurl https://b.example\n  x\n```\nnow', '<p>run:</p><pre>curl https://b.example\n  x</pre><p>now</p>'],
    ['```not a language\nx', '<pre>not a language\nx</pre>'],
    ['- a\n- b\n  - c\n* d', '<list><item><p>a</p></item><item><p>b</p><list><item><p>c</p></item></list></item></list><list><item><p>d</p></item></list>'],
    ['3. a\n4. b', '<list 3><item><p>a</p></item><item><p>b</p></item></list>'],
    ['to buy:\n- milk', '<p>to buy:</p><list><item><p>milk</p></item></list>'],
    ['> a\n> > b\n\nc', '<quote><p>a</p><quote><p>b</p></quote></quote><p>c</p>'],
    ['[words](https://a.example/x "title")', '<p><a https://a.example/x>words</a></p>'],
    ['[**bold** words](<https://a.example>)', '<p><a https://a.example/><strong>bold</strong> words</a></p>'],
    ['see https://a.example/_b_c/d*e', '<p>see <a https://a.example/_b_c/d*e>https://a.example/_b_c/d*e</a></p>'],
    ['_see https://a.example/x_', '<p><em>see <a https://a.example/x>https://a.example/x</a></em></p>'],
    ['www.example.org', '<p><a http://www.example.org/>www.example.org</a></p>'],
    ['_https://a.example_', '<p><em><a https://a.example/>https://a.example</a></em></p>'],
    ['**https://a.example/x**', '<p><strong><a https://a.example/x>https://a.example/x</a></strong></p>'],
    ['<https://a.example>', '<p><a https://a.example/>https://a.example</a></p>'],
    ['ada@example.org', '<p><a mailto:ada@example.org>ada@example.org</a></p>'],
    ['\\*not italic\\*', '<p>*not italic*</p>'],
  ])('is what people expect: %j', (content, tree) => expect(shown(content)).toBe(tree));

  it.each([
    ['**加粗**文字', '<p><strong>加粗</strong>文字</p>'],
    ['这是**“重点”**内容', '<p>这是<strong>“重点”</strong>内容</p>'],
    ['**重要。**请看', '<p><strong>重要。</strong>请看</p>'],
    ['请看**（附件）**谢谢', '<p>请看<strong>（附件）</strong>谢谢</p>'],
    ['これは*強調「です」*よ', '<p>これは<em>強調「です」</em>よ</p>'],
    ['~~删除。~~好', '<p><del>删除。</del>好</p>'],
    ['**이 용어(This term)**를', '<p><strong>이 용어(This term)</strong>를</p>'],
    ['看[这里](https://a.example)吧', '<p>看<a https://a.example/>这里</a>吧</p>'],
  ])('is so in Chinese, Japanese and Korean too: %j', (content, tree) => expect(shown(content)).toBe(tree));

  it.each([
    'line one\nline two\n  indented\n\tmore',
    '# 1 in the list of wishes', 'a\n===', 'a\n---\nb', '---', '***', '[1]: https', '&amp; &lt;b&gt;', '<b>HTML</b> <script>alert(1)</script>',
    '*', '-', '+', '1.', '>', '```', '**', '![]()', '[]()', 'a [b](), ![c]()', '2*3*4 = 24', 'f(2)*(3)*4', 'snake_case_name', 'C:\\new\\table', '\\\\server\\share', '¯\\_(ツ)_/¯', 'a\\.b', '| a | b |\n|---|---|', ':-)', '<3', '1 < 2 > 1', '^_^',
  ])('leaves %j as it is', (content) => expect(shown(content)).toBe(`<p>${content}</p>`));

  it.each([
    ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['[x](JaVaScRiPt:alert(1))', '<p>[x](JaVaScRiPt:alert(1))</p>'],
    ['[x](data:text/html;base64,PHNjcmlwdD4=)', '<p>[x](data:text/html;base64,PHNjcmlwdD4=)</p>'],
    ['[x](<java\tscript:alert(1)>)', '<p>[x](<java\tscript:alert(1)>)</p>'],
    ['[x](vbscript:x) <javascript:alert(1)>', '<p>[x](vbscript:x) <javascript:alert(1)></p>'],
    ['[x](//a.example)', '<p>[x](//a.example)</p>'],
    ['[x](/rooms/1)', '<p>[x](/rooms/1)</p>'],
    ['![a picture](https://a.example/x.png)', '<p><a https://a.example/x.png>a picture</a></p>'],
    ['![](https://a.example/x.png)', '<p><a https://a.example/x.png>https://a.example/x.png</a></p>'],
    ['[![a](https://a.example/x.png)](https://b.example)', '<p><a https://b.example/>a</a></p>'],
    ['![x](data:image/svg+xml,x)', '<p>![x](data:image/svg+xml,x)</p>'],
    ['[](https://a.example)', '<p><a https://a.example/>https://a.example</a></p>'],
  ])('has no effect but links: %j', (content, tree) => expect(shown(content)).toBe(tree));

  it('says where a link leads that names another place', () => {
    expect(shown('[https://bank.example](https://evil.example/x)')).toBe('<p><a https://evil.example/x>https://bank.example</a>(evil.example)</p>');
    expect(shown('[bank.com](https://evil.example/x)')).toBe('<p><a https://evil.example/x>bank.com</a>(evil.example)</p>');
    expect(shown('[https://a.example/long](https://a.example/other)')).toBe('<p><a https://a.example/other>https://a.example/long</a></p>');
  });

  it('shows what nests too deeply as it was written', () => {
    for (const content of [`${'>'.repeat(300)} deep`, `seen\n${'> '.repeat(300)}hidden?`, Array.from({ length: 60 }, (_, i) => `${'  '.repeat(i)}- ${i}`).join('\n')]) {
      expect(shown(content)).toBe(`<p>${content}</p>`);
    }
    expect(shown(`${'>'.repeat(5)} deep`)).toBe(`${'<quote>'.repeat(5)}<p>deep</p>${'</quote>'.repeat(5)}`);
  });
});

describe('all that is written', () => {
  const written = fc.array(fc.oneof(fc.constantFrom('*', '**', '_', '~~', '`', '```', '\n', '\n\n', '- ', '1. ', '> ', '[', '](', ')', '![', '\\', ' ', 'https://a.example', '<', '#', '|'), fc.string({ maxLength: 4 }), fc.constantFrom('漢', '。', 'é')), { maxLength: 40 }).map((parts) => parts.join(''));

  it('is shown: no letter or digit is lost', () => {
    const words = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ab1', '漢字', '*', '**', '_', '~~', '`', '\n', '\n\n', '> ', '- ', ' ', '(', ')', '[', ']', '<', '>', '!', '\\', '#'), { maxLength: 40 }), (parts) => {
        const content = parts.join('');
        expect(words(plainText(parseMarkdown(content)))).toBe(words(content));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives a tree of which every link is http, https or mailto', () => {
    const addresses = (blocks: readonly Block[]): string[] => [...show(blocks).matchAll(/<a (\S+?:)/g)].map(([, scheme]) => scheme!);
    fc.assert(fc.property(written, (content) => addresses(parseMarkdown(content)).every((scheme) => ['http:', 'https:', 'mailto:'].includes(scheme))), { numRuns: 3_000 });
  });

  /** A quadratic parser does not end before the test is given up. */
  it.each([
    '*', '**a ', '[', '![', '[a](', '> ', '>', '_a', '`', '`a', '- ', '1. ', '~~a', 'https://', 'a.', 'a@', '<', '[a]', '\\', '*a_ ', '&', '\n', 'a\n> ', '\t- ', 'www.a.com ', '**加粗**文字', '[[', '](', '*_', ',https://a.example', '![a](', '``a`', '[a](https://a.example) ',
  ])('is read when it is 16,000 characters of %j', { timeout: 10_000 }, (unit) => {
    const flood = unit.repeat(Math.ceil(16_000 / unit.length)).slice(0, 16_000);
    for (let times = 0; times < 5; times++) expect(parseMarkdown(flood).length).toBeGreaterThan(0);
  });
});

describe('plain text', () => {
  it.each([
    ['**bold** and [words](https://a.example)', 'bold and words'],
    ['> quoted\n\nanswer', 'quoted\nanswer'],
    ['- a\n- b', '• a\n• b'],
    ['2. a\n3. b', '2. a\n3. b'],
    ['```js\nx = 1\n```', 'x = 1'],
    ['~~no~~ `yes`', 'no yes'],
    ['a\nb', 'a\nb'],
    ['*', '*'],
  ])('of %j', (content, text) => expect(plainText(parseMarkdown(content))).toBe(text));
});
