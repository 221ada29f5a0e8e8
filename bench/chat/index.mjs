/** The chat benchmark's scenarios, in the order they run. */

import { deliveries } from './deliveries.mjs';
import { history } from './history.mjs';
import { idle } from './idle.mjs';
import { ingest } from './ingest.mjs';
import { latency } from './latency.mjs';
import { login } from './login.mjs';
import { resume } from './resume.mjs';
import { sends } from './sends.mjs';

export const SCENARIOS = [sends, deliveries, latency, ingest, idle, history, resume, login];
