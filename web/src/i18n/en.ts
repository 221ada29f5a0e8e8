import { messagesEn } from '../conversation/messages.en.js';
import { errorsEn } from './errors.en.js';
import { uiEn } from './ui.en.js';

export const en = { errors: errorsEn, messages: messagesEn, ui: uiEn };
