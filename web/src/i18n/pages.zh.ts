import type { pagesEn } from './pages.en.js';
import type { Translated } from './translated.js';

export const pagesZh: Translated<typeof pagesEn> = {
  all: '页面',
  byYou: '你',
  create: '创建页面',
  loadMore: '显示更多',
  new: '新建页面',
  noMatch: '没有匹配的页面',
  noMatchText: '没有标题或地址包含这些字。',
  noPagesText: '新建一个，或请别人与你共享。',
  noPagesTitle: '还没有页面',
  noneOpenText: '从左侧选择一个页面，或新建一个。',
  noneOpenTitle: '尚未打开页面',
  search: '搜索页面',
  slug: '地址（可选）',
  slugHint: '字母、数字、- 和 _。留空则自动生成。',
  slugPreview: '页面地址将是 {{address}}。',
  slugWrong: '只能包含字母、数字、- 和 _，不能有空格。',
  title: '标题',
  viewOnly: '仅可查看',
};
