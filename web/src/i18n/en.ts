import { messagesEn } from '../conversation/messages.en.js';
import { authEn } from './auth.en.js';
import { errorsEn } from './errors.en.js';
import { fieldsEn } from './fields.en.js';
import { invitesEn } from './invites.en.js';
import { pagesEn } from './pages.en.js';
import { peopleEn } from './people.en.js';
import { roomsEn } from './rooms.en.js';
import { settingsEn } from './settings.en.js';
import { setupEn } from './setup.en.js';
import { shellEn } from './shell.en.js';
import { uiEn } from './ui.en.js';

export const en = {
  auth: authEn,
  conversation: messagesEn,
  errors: errorsEn,
  fields: fieldsEn,
  invites: invitesEn,
  pages: pagesEn,
  people: peopleEn,
  rooms: roomsEn,
  settings: settingsEn,
  setup: setupEn,
  shell: shellEn,
  ui: uiEn,
};
