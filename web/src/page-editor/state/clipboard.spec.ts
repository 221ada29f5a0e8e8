import { describe, expect, it } from 'vitest';
import { fromClipboardText, toClipboardText } from './clipboard.js';

const fragment = { rootIds: ['a'], components: { a: { id: 'a', type: 'container', props: {}, children: ['b', 3] }, b: { type: 'text' }, 3: { name: 'Three' } } };

describe('components on the clipboard', () => {
  it('come back as they were', () => {
    expect(fromClipboardText(toClipboardText(fragment))).toEqual(fragment);
  });

  it.each([
    'Hello',
    'atrium/components',
    '{"type":"atrium/components"}',
    '{"type":"other","note":"atrium/components","rootIds":[],"components":{}}',
    JSON.stringify({ type: 'atrium/components', rootIds: [], components: {} }),
    JSON.stringify({ type: 'atrium/components', rootIds: ['a'], components: {} }),
    JSON.stringify({ type: 'atrium/components', rootIds: ['toString'], components: {} }),
    JSON.stringify({ type: 'atrium/components', rootIds: ['a'], components: { a: { props: [] } } }),
    JSON.stringify({ type: 'atrium/components', rootIds: ['a'], components: { a: { children: [{}] } } }),
    JSON.stringify({ type: 'atrium/components', rootIds: ['a'], components: { a: { children: ['a'] } } }),
    JSON.stringify({ type: 'atrium/components', rootIds: ['a', 'b'], components: { a: { children: ['b'] }, b: {} } }),
  ])('are no components: %s', (text) => {
    expect(fromClipboardText(text)).toBeNull();
  });
});
