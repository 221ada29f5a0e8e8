import { AtriumClient } from '@atrium/client';

/** The server that the app came from. */
export const client = new AtriumClient(location.origin);
