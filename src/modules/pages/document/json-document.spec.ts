import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonDocument, type Operation, PatchError } from './json-document.js';
import { formatPointer, parsePointer, PointerSyntaxError } from './json-pointer.js';
import { equalJson, type Json } from './json-value.js';

const patched = (document: Json, patch: unknown): Json => {
  const json = new JsonDocument(structuredClone(document));
  json.apply(patch as Operation[]);
  return json.root;
};

/** The error, and the proof that nothing was changed. */
function refusal(document: Json, patch: unknown): PatchError {
  const json = new JsonDocument(structuredClone(document));
  try {
    json.apply(patch as Operation[]);
  } catch (error) {
    expect(json.root).toEqual(document);
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error(`applied, to ${JSON.stringify(json.root)}`);
}

describe('RFC 6902, appendix A', () => {
  it.each<[string, Json, Operation[], Json]>([
    ['A.1 adding an object member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
    ['A.2 adding an array element', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    ['A.3 removing an object member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['A.4 removing an array element', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['A.5 replacing a value', { baz: 'qux', foo: 'bar' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo', foo: 'bar' }],
    [
      'A.6 moving a value',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    ['A.7 moving an array element', { foo: ['all', 'grass', 'cows', 'eat'] }, [{ op: 'move', from: '/foo/1', path: '/foo/3' }], { foo: ['all', 'cows', 'eat', 'grass'] }],
    ['A.8 testing a value', { baz: 'qux', foo: ['a', 2, 'c'] }, [{ op: 'test', path: '/baz', value: 'qux' }, { op: 'test', path: '/foo/1', value: 2 }], { baz: 'qux', foo: ['a', 2, 'c'] }],
    ['A.10 adding a nested member object', { foo: 'bar' }, [{ op: 'add', path: '/child', value: { grandchild: {} } }], { foo: 'bar', child: { grandchild: {} } }],
    ['A.11 ignoring unrecognized elements', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 } as Operation], { foo: 'bar', baz: 'qux' }],
    ['A.14 ~ escape ordering', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    ['A.16 adding an array value', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }], { foo: ['bar', ['abc', 'def']] }],
  ])('%s', (_name, document, patch, result) => expect(patched(document, patch)).toEqual(result));

  it.each<[string, Json, unknown[]]>([
    ['A.9 testing a value: error', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }]],
    ['A.12 adding to a nonexistent target', { foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }]],
    ['A.15 comparing strings and numbers', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }]],
  ])('%s', (_name, document, patch) => expect(refusal(document, patch).code).toBe('PATCH_FAILED'));
});

describe('an operation', () => {
  it.each<[string, Json, Operation[], Json]>([
    ['add replaces a member that is there', { a: 1 }, [{ op: 'add', path: '/a', value: 2 }], { a: 2 }],
    ['add at the end of an array, by its index', { a: [1] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2] }],
    ['add, replace and test take the whole document', { a: 1 }, [{ op: 'add', path: '', value: [1] }, { op: 'replace', path: '', value: { b: 2 } }, { op: 'test', path: '', value: { b: 2 } }], { b: 2 }],
    ['a member may be called like an index, or like the end', { '0': 1, '-': 2 }, [{ op: 'remove', path: '/0' }, { op: 'replace', path: '/-', value: 3 }], { '-': 3 }],
    ['a member may have no name', { '': { '': 1 } }, [{ op: 'replace', path: '//', value: 2 }], { '': { '': 2 } }],
    ['null is a value', { a: null }, [{ op: 'test', path: '/a', value: null }, { op: 'replace', path: '/a', value: null }], { a: null }],
    ['copy takes what is there at that moment', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }, { op: 'add', path: '/a/-', value: 2 }], { a: [1, 2], b: [1] }],
    ['copy may go into itself', { a: {} }, [{ op: 'copy', from: '/a', path: '/a/b' }], { a: { b: {} } }],
    ['move to where it is changes nothing', { a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
    ['move counts places after the removal', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
    ['move replaces a member that is there', { a: 1, b: 2 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['test compares members in any order, and numbers by value', { a: { x: 1, y: [1.0] } }, [{ op: 'test', path: '/a', value: { y: [1], x: 1 } }], { a: { x: 1, y: [1] } }],
    ['later operations see what earlier ones have done', {}, [{ op: 'add', path: '/a', value: [] }, { op: 'add', path: '/a/0', value: 1 }], { a: [1] }],
  ])('%s', (_name, document, patch, result) => expect(patched(document, patch)).toEqual(result));

  it.each<[string, Json, unknown, string, string]>([
    ['an unknown operation', {}, { op: 'merge', path: '/a' }, 'INVALID_INPUT', '[0].op'],
    ['no path', {}, { op: 'remove' }, 'INVALID_INPUT', '[0].path'],
    ['a path without a slash', {}, { op: 'remove', path: 'a' }, 'INVALID_INPUT', '[0].path'],
    ['a ~ that escapes nothing', {}, { op: 'remove', path: '/a~2' }, 'INVALID_INPUT', '[0].path'],
    ['a ~ at the end', {}, { op: 'remove', path: '/a~' }, 'INVALID_INPUT', '[0].path'],
    ['no value', {}, { op: 'add', path: '/a' }, 'INVALID_INPUT', '[0].value'],
    ['no value to test', { a: 1 }, { op: 'test', path: '/a' }, 'INVALID_INPUT', '[0].value'],
    ['no from', {}, { op: 'copy', path: '/a' }, 'INVALID_INPUT', '[0].from'],
    ['remove of the whole document', {}, { op: 'remove', path: '' }, 'PATCH_FAILED', '[0].path'],
    ['remove of what is not there', {}, { op: 'remove', path: '/a' }, 'PATCH_FAILED', '[0].path'],
    ['replace of what is not there', {}, { op: 'replace', path: '/a', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['test of what is not there', {}, { op: 'test', path: '/a', value: null }, 'PATCH_FAILED', '[0].path'],
    ['copy of what is not there', {}, { op: 'copy', from: '/a', path: '/b' }, 'PATCH_FAILED', '[0].from'],
    ['move of what is not there', {}, { op: 'move', from: '/a', path: '/b' }, 'PATCH_FAILED', '[0].from'],
    ['move into itself', { a: { b: {} } }, { op: 'move', from: '/a', path: '/a/b/c' }, 'PATCH_FAILED', '[0].path'],
    ['move of the whole document', { a: 1 }, { op: 'move', from: '', path: '/a' }, 'PATCH_FAILED', '[0].path'],
    ['add beyond the end', { a: [1] }, { op: 'add', path: '/a/2', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['remove behind the end', { a: [1] }, { op: 'remove', path: '/a/-' }, 'PATCH_FAILED', '[0].path'],
    ['an index with a leading zero', { a: [1, 2] }, { op: 'remove', path: '/a/01' }, 'PATCH_FAILED', '[0].path'],
    ['an index with a sign', { a: [1, 2] }, { op: 'remove', path: '/a/+1' }, 'PATCH_FAILED', '[0].path'],
    ['an index with a fraction', { a: [1, 2] }, { op: 'remove', path: '/a/1.0' }, 'PATCH_FAILED', '[0].path'],
    ['an index in words of JavaScript', { a: [1, 2] }, { op: 'replace', path: '/a/length', value: 0 }, 'PATCH_FAILED', '[0].path'],
    ['a way through a value without members', { a: 'text' }, { op: 'add', path: '/a/0', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['a way through null', { a: null }, { op: 'add', path: '/a/b', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['a way through what only the prototype has', {}, { op: 'add', path: '/toString/x', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['a prototype', {}, { op: 'add', path: '/__proto__/polluted', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['a constructor', {}, { op: 'add', path: '/constructor/prototype/polluted', value: 1 }, 'PATCH_FAILED', '[0].path'],
    ['a copy from a prototype', {}, { op: 'copy', from: '/__proto__', path: '/a' }, 'PATCH_FAILED', '[0].from'],
  ])('is refused for %s', (_name, document, operation, code, at) => {
    expect(refusal(document, [operation])).toMatchObject({ code, at });
    // As the second one of a patch it takes the first one back, and says which it was.
    const changed = [{ op: 'add', path: '', value: document }, { op: 'add', path: '', value: structuredClone(document) }, operation];
    expect(refusal(document, changed).at).toBe(at.replace('[0]', '[2]'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('copies no more than a patch may', () => {
    const bomb = Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/x${i}` }));
    expect(refusal({ a: { text: 'x'.repeat(1_000) } }, bomb).code).toBe('PAYLOAD_TOO_LARGE');
  });
});

describe('a patch', () => {
  /** Any JSON, with members that need escapes. */
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value), (key, member: Json) => (key === '__proto__' ? undefined : member)) as Json);
  const pathsOf = (value: Json, path: string[] = []): string[][] => {
    if (typeof value !== 'object' || value === null) return [path];
    return [path, ...Object.keys(value).flatMap((key) => pathsOf((value as Record<string, Json>)[key]!, [...path, key]))];
  };
  const operation = (document: Json) => {
    const paths = pathsOf(document);
    const pointer = fc.nat(paths.length - 1).map((index) => paths[index]!);
    const place = fc.tuple(pointer, fc.constantFrom('', '-', '0', '1', 'a', 'a/b', 'm~n')).map(([path, more]) => formatPointer(more === '' ? path : [...path, more]));
    return fc.oneof(
      fc.record({ op: fc.constantFrom('add' as const, 'replace' as const, 'test' as const), path: place, value: json }),
      fc.record({ op: fc.constant('remove' as const), path: place }),
      fc.record({ op: fc.constantFrom('move' as const, 'copy' as const), from: pointer.map(formatPointer), path: place }),
    );
  };
  const documentAndPatch = json.chain((document) => fc.tuple(fc.constant(document), fc.array(operation(document), { maxLength: 6 })));

  it('is undone by its inverse, or changes nothing', () => {
    fc.assert(
      fc.property(documentAndPatch, ([document, patch]) => {
        const target = new JsonDocument(structuredClone(document));
        let inverse: Operation[] = [];
        try {
          inverse = target.apply(patch);
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
        target.apply(inverse);
        expect(equalJson(target.root, document)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('shares nothing with the document: neither changes when the other does', () => {
    fc.assert(
      fc.property(documentAndPatch, ([document, patch]) => {
        const target = new JsonDocument(structuredClone(document));
        const before = JSON.stringify(patch);
        try {
          const inverse = target.apply(patch);
          const told = JSON.stringify(inverse);
          for (const path of pathsOf(target.root)) if (path.length > 0) target.apply([{ op: 'add', path: formatPointer(path.slice(0, 1)), value: 'overwritten' }]);
          expect(JSON.stringify(inverse)).toBe(told);
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
        expect(JSON.stringify(patch)).toBe(before);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('RFC 6901', () => {
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'g|h': 4, 'i\\j': 5, 'k"l': 6, ' ': 7, 'm~n': 8 };

  it.each<[string, Json]>([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('finds %j of section 5', (pointer, value) => expect(new JsonDocument(document).find(parsePointer(pointer))).toEqual(value));

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (tokens) => {
        expect(parsePointer(formatPointer(tokens))).toEqual(tokens);
      }),
    );
  });

  it.each(['a', '~', '/~', '/~2', '/a~/b'])('refuses %j', (pointer) => expect(() => parsePointer(pointer)).toThrow(PointerSyntaxError));
});
