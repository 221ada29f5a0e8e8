import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT } from '../src/protocol/audit.js';
import { CLIENT_EVENTS, type ClientEvent } from '../src/protocol/events.js';
import { AUDITED_EVENTS, AUDITED_OTHERWISE, AUDITED_ROUTES, NOT_AUDITED_EVENTS, NOT_AUDITED_ROUTES } from './support/audited-routes.js';
import { type OpenApi, routesOf } from './support/bad-input.js';

const openApi = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'docs', 'openapi.json'), 'utf8')) as OpenApi;

/** Each is in exactly one of the lists, and the lists name no others. */
function expectDecided(all: string[], audited: object, notAudited: object): void {
  expect(all.length).toBeGreaterThan(10);
  expect([...Object.keys(audited), ...Object.keys(notAudited)].sort()).toEqual(all.sort());
}

describe('whether it is audited', () => {
  it('is decided for every route that changes something', () => {
    const changing = routesOf(openApi).filter(({ method }) => method !== 'GET');
    expectDecided(changing.map(({ method, path }) => `${method} ${path}`), AUDITED_ROUTES, NOT_AUDITED_ROUTES);
  });

  it('is decided for every event that clients send, and those that are know who has sent them', () => {
    const events: ClientEvent[] = Object.values(CLIENT_EVENTS);
    expectDecided(events.map(({ name }) => name), AUDITED_EVENTS, NOT_AUDITED_EVENTS);
    expect(events.filter(({ audited }) => audited).map(({ name }) => name).sort()).toEqual(Object.keys(AUDITED_EVENTS).sort());
  });

  it('leaves no action that nothing records', () => {
    const recorded = new Set([...Object.values(AUDITED_ROUTES), ...Object.values(AUDITED_EVENTS), AUDITED_OTHERWISE].flat());
    expect([...recorded].sort()).toEqual(Object.keys(AUDIT).sort());
  });
});
