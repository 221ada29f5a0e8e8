import { AtriumClient } from '@atrium/client';
import { absoluteUrl } from './shell/base-path.js';

/** The server that the app came from. */
export const client = new AtriumClient(absoluteUrl(''));
