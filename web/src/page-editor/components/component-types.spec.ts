import { describe, expect, it } from 'vitest';
import { ADDABLE, COMPONENT_TYPES, mayHaveChildren, typeOf } from './component-types.js';
import { choiceOf, isOn, listOf, rowsOf, textOf } from './props.js';

describe('the types of components', () => {
  it('begin with every prop that can be set, and with values that are allowed', () => {
    for (const type of ADDABLE) {
      const { props, editors } = COMPONENT_TYPES[type];
      const start = props((text) => text);
      for (const editor of editors) {
        expect(Object.keys(start), `${type}.${editor.prop}`).toContain(editor.prop);
        if (editor.kind === 'choice') expect(editor.choices, `${type}.${editor.prop}`).toContain(start[editor.prop]);
      }
    }
  });

  it('write on the canvas what can be set in the properties, too', () => {
    for (const { written, editors } of Object.values(COMPONENT_TYPES)) if (written) expect(editors.map(({ prop }) => prop)).toContain(written);
  });

  it('leave what another client has made as it is', () => {
    expect(typeOf({ type: 'chart' })).toBeUndefined();
    expect(typeOf({ type: 'constructor' })).toBeUndefined();
    expect(mayHaveChildren({ type: 'chart', children: [] })).toBe(false);
    expect(mayHaveChildren({ type: 'chart', children: ['a'] })).toBe(true);
    expect(mayHaveChildren({ type: 'text' })).toBe(false);
  });
});

describe('props of the wrong kind', () => {
  it.each([undefined, null, 7, 'text', true, [], {}, [[1], 'x', null], { a: 1 }])('are read as something: %j', (value) => {
    const props = { it: value, rows: value };
    expect(typeof textOf(props, 'it')).toBe('string');
    expect(choiceOf(props, 'it', ['first', 'second'])).toBe('first');
    expect(isOn(props, 'it')).toBe(value === true);
    expect(listOf(props, 'it').every((each) => typeof each === 'string')).toBe(true);
    for (const row of rowsOf(props, 2)) expect(row).toHaveLength(2);
  });

  it('are not those of every object', () => {
    expect(textOf({}, 'constructor')).toBe('');
    expect(listOf(undefined, 'it')).toEqual([]);
  });
});
