import type { Translated } from './translated.js';
import type { uiEn } from './ui.en.js';

export const uiZh: Translated<typeof uiEn> = {
  cancel: '取消',
  clear: '清除',
  close: '关闭',
  imageFrom: '来自 {{host}} 的图片',
  loading: '加载中',
  save: '保存',
  showImage: '显示图片',
  showImages: '显示图片',
  somethingWentWrong: '出错了',
  tryAgain: '重试',
};
