/** h. Logins: almost all of it is the password hash, which is meant to be slow. */

import { HttpConnection } from '../lib/wire/http-client.mjs';
import { measureRequests, requestColumns } from './requests.mjs';

const CONNECTIONS = 8;

export const login = {
  key: 'h',
  title: 'Logins (POST /auth/login)',
  servers: ['product'],
  columns: requestColumns('login'),
  cases: ({ isQuick }) => [{ world: {}, params: { warmUpSeconds: 1, seconds: isQuick ? 2 : 5 } }],

  async measure(context) {
    const open = Array.from({ length: CONNECTIONS }, () => new HttpConnection(context.port));
    const askers = open.map((connection) => async () => {
      const { status, body } = await connection.request('POST', '/api/v1/auth/login', { json: context.world.login });
      if (status !== 200) throw new Error(`status ${status}: ${body.toString().slice(0, 300)}`);
    });
    const name = `${CONNECTIONS} in flight`;
    const figures = await measureRequests(context, name, askers, context.params);
    for (const connection of open) connection.close();
    context.progress(`${Math.round(figures.perSecond)} logins/s`);
    return [{ case: name, figures, problems: [] }];
  },
};
