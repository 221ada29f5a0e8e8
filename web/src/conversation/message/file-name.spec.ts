import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-name.js';

describe('fileNameOf', () => {
  it.each([
    ['https://a.example/x/Report%202.pdf?y=1#z', 'Report 2.pdf'],
    ['https://a.example/%E6%96%87%E6%A1%A3.docx', '文档.docx'],
    ['https://a.example/%E6.bin', '%E6.bin'],
    ['https://a.example/', null],
    ['https://a.example', null],
  ])('reads %s', (href, name) => {
    expect(fileNameOf(href)).toBe(name);
  });
});
