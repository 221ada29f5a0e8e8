import type { shellEn } from './shell.en.js';
import type { Translated } from './translated.js';

export const shellZh: Translated<typeof shellEn> = {
  account: '账户与设置',
  added: {
    direct: '{{by}}开始了与你的私聊。',
    open: '打开',
    page: '{{by}}与你共享了页面“{{name}}”。',
    room: '{{by}}把你加入了“{{name}}”。',
  },
  areas: '功能区',
  backTo: {
    chat: '返回房间列表',
    pages: '返回页面列表',
  },
  brokenText: '页面遇到了意外错误。已发送的内容不会丢失。',
  brokenTitle: '页面出错了',
  chat: '聊天',
  connecting: '正在连接…',
  loadingPage: '正在加载页面',
  noRoomText: '从左侧选择一个房间，或按 {{keys}} 按名称前往房间、页面或联系人。',
  noRoomTitle: '尚未打开房间',
  notFoundText: '此地址没有任何内容。',
  notFoundTitle: '找不到页面',
  offline: '无法连接服务器，显示的内容可能不是最新的。',
  reload: '重新加载',
  retryNow: '立即重试',
  pages: '页面',
  skip: '跳到当前内容',
  switcherHint: '前往房间、页面或联系人',
  switcherNothing: '没有匹配的结果',
  switcherPages: '页面',
  switcherPeople: '联系人',
  switcherRooms: '房间',
  switcherTitle: '前往',
  welcome: {
    direct: '给某人发消息',
    pages: '制作页面',
    text: '先创建一个讨论用的房间，看看公开的房间，或者给认识的人发消息。',
    title: '{{name}}，欢迎',
  },
  toHome: '返回房间列表',
};
