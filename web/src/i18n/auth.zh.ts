import type { authEn } from './auth.en.js';
import type { Translated } from './translated.js';

export const authZh: Translated<typeof authEn> = {
  accountInactive: '此账户已停用，请联系管理员。',
  displayName: '显示名称',
  displayNameHint: '其他人看到的名称。留空则使用用户名。',
  email: '电子邮箱',
  ended: '登录已结束，请重新登录以继续。',
  hasAccount: '已有账户？',
  hidePassword: '隐藏密码',
  login: '邮箱或用户名',
  noAccount: '第一次来？',
  password: '密码',
  passwordHint: '至少 8 个字符。几个不相关的词就是好密码。',
  registration: {
    closed: '注册已关闭',
    invite: '仅限受邀注册',
  },
  registrationText: {
    closed: '此服务器不再接受新账户。',
    invite: '请向他人索取房间或页面的邀请链接，并从该链接创建账户。',
  },
  showPassword: '显示密码',
  signIn: '登录',
  signInTitle: '登录 Atrium',
  signUp: '创建账户',
  signUpLink: '创建账户',
  signUpTitle: '创建你的账户',
  tagline: '为协作者准备的房间、消息与页面。',
  username: '用户名',
  usernameHint: '可用文字、数字、“_”、“.”和“-”，也可用来登录。',
  wrong: '用户名或密码不正确。',
};
