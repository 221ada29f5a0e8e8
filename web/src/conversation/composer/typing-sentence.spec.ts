import { describe, expect, it } from 'vitest';
import { typingSentence } from './typing-sentence.js';

describe('typingSentence', () => {
  it('names one, two, or one and the number of the others', () => {
    expect(typingSentence([], 0)).toBeNull();
    expect(typingSentence(['Ada'], 1)).toEqual({ key: 'typing.one', name: 'Ada' });
    expect(typingSentence(['Ada', 'Bob'], 2)).toEqual({ key: 'typing.two', name: 'Ada', other: 'Bob' });
    expect(typingSentence(['Ada', 'Bob'], 3)).toEqual({ key: 'typing.many', name: 'Ada', count: 2 });
  });

  it('counts those whose names are not known yet', () => {
    expect(typingSentence([], 2)).toBeNull();
    expect(typingSentence(['Ada'], 2)).toEqual({ key: 'typing.many', name: 'Ada', count: 1 });
  });
});
