import type { Translated } from './translated.js';
import type { uiEn } from './ui.en.js';

export const uiZh: Translated<typeof uiEn> = {
  cancel: '取消',
  clear: '清除',
  close: '关闭',
  loading: '加载中',
  save: '保存',
  somethingWentWrong: '出错了',
  tryAgain: '重试',
};
