import type { DocumentMember, DocumentRole } from '@atrium/client';
import { useClient } from '@atrium/client/react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddPeople } from '../people/add-people.js';
import { Select } from '../ui/select.js';
import type { PageRef } from './page-menu.js';
import { ROLES } from './page-member-actions.js';

/** Finds people and lets them in, as what was chosen; whoever is in already stays what they are. */
export function AddPageMembers({ page, members }: { page: PageRef; members: readonly DocumentMember[] }) {
  const { t } = useTranslation();
  const { pages } = useClient();
  const [role, setRole] = useState<DocumentRole>('editor');
  const memberIds = useMemo(() => new Set(members.map(({ user }) => user.id)), [members]);
  return (
    <AddPeople memberIds={memberIds} onAdd={(userId) => pages.addMember(page.pageId, userId, role)}>
      <Select label={t('pages.addAs')} isLabelHidden options={ROLES.map((id) => ({ id, label: t(`pages.role.${id}`) }))} value={role} onChange={setRole} />
    </AddPeople>
  );
}
