import type { peopleEn } from './people.en.js';
import type { Translated } from './translated.js';

export const peopleZh: Translated<typeof peopleEn> = {
  directTitle: '新私聊',
  nobodyText: '没有人的名称包含这些字。',
  nobodyTitle: '找不到联系人',
  search: '搜索联系人',
  searchHint: '名称或用户名',
};
