import { describe, expect, it } from 'vitest';
import { RELIED_ON, sessionConfig } from './session.js';

describe('the session of a connection', () => {
  it('has everything that we rely on, with spaces escaped', () => {
    const { options } = sessionConfig('postgres://host/atrium', {});
    for (const name of Object.keys(RELIED_ON)) expect(options).toContain(`-c ${name}=`);
    expect(options).toContain(String.raw`-c datestyle=ISO,\ MDY `);
    expect(options).toContain(String.raw`-c default_transaction_isolation=read\ committed `);
  });

  it('keeps what the URL asks for, below ours', () => {
    const { connectionString, options } = sessionConfig('postgres://a:b%40c@%2Ftmp%2Fpg/atrium?sslmode=require&options=-c%20search_path%3Datrium%20-c%20jit%3Don', { jit: 'off' });
    expect(connectionString).toBe('postgres://a:b%40c@%2Ftmp%2Fpg/atrium?sslmode=require');
    expect(options).toMatch(/^-c search_path=atrium -c jit=on -c .* -c jit=off$/);
  });

  it('leaves a URL without options as it is', () => {
    for (const url of ['postgres://host/atrium', 'postgresql://u@[::1]:5433/atrium', 'postgres://host/atrium?sslmode=verify-full']) expect(sessionConfig(url, {}).connectionString).toBe(url);
  });
});
