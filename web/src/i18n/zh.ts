import { messagesZh } from '../conversation/messages.zh.js';
import type { en } from './en.js';
import { errorsZh } from './errors.zh.js';
import type { Translated } from './translated.js';
import { uiZh } from './ui.zh.js';

export const zh: Translated<typeof en> = { errors: errorsZh, messages: messagesZh, ui: uiZh };
