import { describe, expect, it } from 'vitest';
import { Fingerprints } from './fingerprint.js';

describe('a fingerprint', () => {
  const fingerprints = new Fingerprints('k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L');
  const request = { method: 'POST', url: '/rooms', body: { name: 'Team', schema: { password: 'a field' } } };
  const print = fingerprints.of(request);

  it('is the same for the same request', () => {
    expect(new Fingerprints('k7Q2mZ9xV4bN8rT1wY6uP3sD5fG0hJ-L').of(structuredClone(request))).toBe(print);
  });

  it.each([
    ['path', { url: '/pages' }],
    ['query', { url: '/rooms?x=1' }],
    ['body', { body: { name: 'Other' } }],
    ['value deep in the body', { body: { ...request.body, schema: { password: 'another' } } }],
    ['lack of a body', { body: undefined }],
  ])('differs with the %s', (_what, change) => {
    expect(fingerprints.of({ ...request, ...change })).not.toBe(print);
  });

  it('differs with the key', () => {
    expect(new Fingerprints('another secret of the server, as long').of(request)).not.toBe(print);
  });

  it('says nothing of secrets', () => {
    expect(fingerprints.of({ ...request, body: { ...request.body, password: 'x' } })).toBe(print);
  });
});
