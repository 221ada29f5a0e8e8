import type { DocumentMember } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useCallback } from 'react';
import { type Pages, usePages } from '../ui/use-pages.js';

/** Who may see and change a page, in the order in which they were let in. */
export function usePageMembers(pageId: string): Pages<DocumentMember> {
  const { pages } = useClient();
  const read = useCallback((cursor: string | undefined) => pages.members(pageId, cursor), [pages, pageId]);
  return usePages<DocumentMember>(read);
}
