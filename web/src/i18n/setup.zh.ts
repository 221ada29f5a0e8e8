import type { setupEn } from './setup.en.js';
import type { Translated } from './translated.js';

export const setupZh: Translated<typeof setupEn> = {
  claim: '成为管理员',
  outcome: {
    done: '你已成为管理员',
    expired: '链接已过期',
    taken: '此服务器已有管理员',
    unknown: '链接无效',
    used: '链接已被使用',
  },
  outcomeText: {
    done: '现在你可以管理此服务器上的账户。',
    expired: '请重新启动服务器，它会打印新的链接。',
    taken: '请让现有管理员把你也设为管理员。服务器的运营者也可以使用“npm run admin”。',
    unknown: '请从服务器启动时打印的内容中复制完整链接。',
    used: '已有人通过它成为管理员。如果不是你，服务器的运营者可以使用“npm run admin”。',
  },
  rights: '管理员可以停用账户，也可以任命其他管理员。',
  signInFirst: '请先创建账户或登录，随后会回到这里。',
  signedInAs: '当前登录为 {{name}}。',
  tagline: '此服务器还没有管理员。',
  title: '设置 Atrium',
  toHome: '回到首页',
};
