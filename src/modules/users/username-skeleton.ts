import unhomoglyph from 'unhomoglyph';
import { identityKey } from './identity-key.js';

/**
 * What a username looks like: two names with the same skeleton are not to be told apart at a glance (UTS 39 §4, internalSkeleton). It is
 * made of the name as it was typed, where `I` passes for `l`, and then without case, since `I` and `i` are the same name to us: so `i` and
 * `l` are one.
 */
export function skeletonOf(username: string): string {
  return replaceLookalikes(identityKey(replaceLookalikes(username))).replaceAll('i', 'l');
}

function replaceLookalikes(name: string): string {
  return unhomoglyph(name.normalize('NFD').replace(/\p{DI}/gv, '')).normalize('NFD');
}

/** Names that speak for the product or its operators, or that programs and people take for something else. */
const RESERVED = (
  'admin administrator root sysadmin system atrium support helpdesk security abuse moderator mod staff official operator ' +
  'postmaster webmaster hostmaster mailer-daemon noreply me self world here everyone everybody all channel anonymous deleted unknown null undefined ' +
  '管理员 管理員 系统 系統 客服 官方 所有人 全体成员 版主'
).split(' ');
const RESERVED_SKELETONS = new Set(RESERVED.map((word) => skeletonOf(withoutSeparators(word))));

/** Whether it is, or looks like, a reserved word; separators do not make it another. */
export function isReserved(username: string): boolean {
  return RESERVED_SKELETONS.has(skeletonOf(withoutSeparators(username)));
}

function withoutSeparators(username: string): string {
  return username.replace(/[_.\-]/g, '');
}
