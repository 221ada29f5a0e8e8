import type { fieldsEn } from './fields.en.js';
import type { Translated } from './translated.js';

export const fieldsZh: Translated<typeof fieldsEn> = {
  commonPassword: '这是最常见的密码之一，请换一个。',
  controlCharacters: '包含无法显示的字符。',
  currentPassword: '当前密码不正确。',
  email: '这不是有效的电子邮箱。',
  guessablePassword: '这个密码很容易从你的名字、邮箱或服务器名称猜到，请换一个。',
  invisible: '包含不可见的字符。',
  marks: '字母上下的附加符号过多。',
  max_other: '最多 {{count}} 个字符。',
  min_other: '至少 {{count}} 个字符。',
  normalForm: '包含容易混淆的字符，请使用普通写法。',
  number: '请输入整数。',
  numberMax: '不能大于 {{count}}。',
  numberMin: '不能小于 {{count}}。',
  oneLine: '请写在一行内。',
  required: '请填写此项。',
  reserved: '该名称已被保留。',
  scripts: '混用了外形相近的不同文字。',
  taken: '已被使用。',
  tooAlike: '与已有的用户名过于相似。',
  unicode: '包含损坏的字符。',
  url: '请输入以 https:// 或 http:// 开头的网址。',
  userinfo: '网址中不能包含用户名或密码。',
  username: '只能使用文字、数字、“_”、“.”和“-”，且以文字或数字开头。',
};
