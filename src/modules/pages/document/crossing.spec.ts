import { describe, expect, it } from 'vitest';
import { areCrossed } from './crossing.js';
import type { Operation } from './json-document.js';

const add = (path: string, value: string | number | string[] = 1): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: string | number = 1): Operation => ({ op: 'replace', path, value });

describe('two operations on one pointer', () => {
  const path = '/components/1/props/x';

  it.each<[string, Operation, Operation]>([
    ['a value that both set', replace(path), replace(path)],
    ['a member that both add', add(path), add(path)],
    ['a text that one sets and the other has edited', add(path, 'mine'), replace(path, 'theirs')],
  ])('are apart where the later one wins anyhow: %s', (_what, mine, theirs) => expect(areCrossed(mine, theirs)).toBe(false));

  it.each<[string, Operation, Operation]>([
    ['a text that both have edited', replace(path, 'mine'), replace(path, 'theirs')],
    ['a text that I have edited and the other has set', replace(path, 'mine'), add(path, 'theirs')],
    ['what may be a place in an array', add(`${path}/0`), add(`${path}/0`)],
    ['the end of an array', add(`${path}/-`), add(`${path}/-`)],
    ['a component', add('/components/new'), add('/components/new')],
    ['a list of children', add('/components/1/children', ['2']), add('/components/1/children', ['3'])],
    ['what somebody has taken out', add(path), { op: 'remove', path }],
    ['what somebody has moved there', add(path), { op: 'move', from: '/components/2/props/x', path }],
    ['what is tested', { op: 'test', path, value: 1 }, replace(path)],
  ])('are crossed: %s', (_what, mine, theirs) => expect(areCrossed(mine, theirs)).toBe(true));
});
