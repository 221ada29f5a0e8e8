import { messagesZh } from '../conversation/messages.zh.js';
import { authZh } from './auth.zh.js';
import type { en } from './en.js';
import { errorsZh } from './errors.zh.js';
import { fieldsZh } from './fields.zh.js';
import { invitesZh } from './invites.zh.js';
import { pagesZh } from './pages.zh.js';
import { peopleZh } from './people.zh.js';
import { roomsZh } from './rooms.zh.js';
import { settingsZh } from './settings.zh.js';
import { setupZh } from './setup.zh.js';
import { shellZh } from './shell.zh.js';
import { uiZh } from './ui.zh.js';
import type { Translated } from './translated.js';

export const zh: Translated<typeof en> = {
  auth: authZh,
  conversation: messagesZh,
  errors: errorsZh,
  fields: fieldsZh,
  invites: invitesZh,
  pages: pagesZh,
  people: peopleZh,
  rooms: roomsZh,
  settings: settingsZh,
  setup: setupZh,
  shell: shellZh,
  ui: uiZh,
};
