import { useClient } from '@atrium/client/react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../forms/form.js';
import { useForm } from '../forms/use-form.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';
import type { PageRef } from './page-menu.js';
import { MAX_TITLE } from './title.js';

export function RenamePageDialog({ page, onClose }: { page: PageRef; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const formId = useId();
  const form = useForm({
    initial: { title: page.title },
    required: ['title'],
    onSubmit: async ({ title }) => {
      if (title.trim() !== page.title) await client.pages.rename(page.pageId, title.trim());
      onClose();
    },
  });
  const footer = (
    <>
      <Button variant="quiet" onPress={onClose}>
        {t('ui.cancel')}
      </Button>
      <Button type="submit" form={formId} variant="primary" isPending={form.isPending}>
        {t('ui.save')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('pages.renameTitle')} isOpen onOpenChange={onClose} footer={footer}>
      <Form id={formId} error={form.error} errors={form.errors} onSubmit={form.submit}>
        <TextField {...form.field('title')} label={t('pages.title')} maxLength={MAX_TITLE} autoComplete="off" autoFocus onFocus={(event) => (event.target).select()} />
      </Form>
    </Dialog>
  );
}
