import type { peopleEn } from './people.en.js';
import type { Translated } from './translated.js';

export const peopleZh: Translated<typeof peopleEn> = {
  addSearch: '按名字搜索用户',
  addHint: '输入名字来查找用户。',
  addNone: '没有找到这个名字的用户。',
  addOne: '添加',
  addLabel: '添加{{name}}',
  added: '已添加',
  editProfile: '编辑个人资料',
  isMember: '已是成员',
  block: '屏蔽',
  blocked: '已屏蔽{{name}}。',
  cannotAdd: '你不能添加此人。',
  cannotWrite: '你不能给此人发消息。',
  directTitle: '新私聊',
  message: '发消息',
  nobodyText: '没有人的名称包含这些字。',
  nobodyTitle: '找不到联系人',
  profile: '个人资料',
  search: '搜索联系人',
  searchHint: '名称或用户名',
  showProfile: '{{name}}的个人资料',
  unblock: '取消屏蔽',
  unblockLabel: '取消屏蔽{{name}}',
  unblocked: '你已取消屏蔽{{name}}。',
  youBlocked: '你已屏蔽此人，取消屏蔽后才能发消息。',
};
