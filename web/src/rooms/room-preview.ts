import type { Message } from '@atrium/client';
import type { TFunction } from 'i18next';

/** A message in a few words, for lists. */
export function previewOf(t: TFunction, excerpt: (content: string) => string, { type, content, deletedAt }: Pick<Message, 'type' | 'content' | 'deletedAt'>): string {
  if (deletedAt !== null || content === null) return t('rooms.deleted');
  if (type === 'image') return t('rooms.image');
  if (type === 'file') return t('rooms.file');
  return excerpt(content);
}
