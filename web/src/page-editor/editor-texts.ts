import i18next from 'i18next';
import { editorEn } from './editor.en.js';
import { editorZh } from './editor.zh.js';

/* Imported by the entry of the editor, before anything that is shown. */
i18next.addResourceBundle('en', 'translation', { editor: editorEn }, true);
i18next.addResourceBundle('zh', 'translation', { editor: editorZh }, true);
