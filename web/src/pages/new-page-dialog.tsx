import { useClient } from '@atrium/client/react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Form } from '../forms/form.js';
import { useForm } from '../forms/use-form.js';
import { basePath } from '../shell/base-path.js';
import { paths } from '../shell/paths.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/text-field.js';
import { isSlug } from './slug.js';
import { MAX_TITLE } from './title.js';

const FIELDS = { title: '', pageId: '' };
const MAX_SLUG = 64;

export function NewPageDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const [, navigate] = useLocation();
  const formId = useId();
  const form = useForm({
    initial: FIELDS,
    required: ['title'],
    onSubmit: async ({ title, pageId }) => {
      const slug = pageId.trim();
      const page = await client.pages.create({ title: title.trim(), ...(slug && { pageId: slug }) });
      onClose();
      navigate(paths.page(page.pageId));
    },
  });
  const slug = form.values.pageId.trim();
  const slugField = form.field('pageId');
  const footer = (
    <>
      <Button variant="quiet" onPress={onClose}>
        {t('ui.cancel')}
      </Button>
      <Button type="submit" form={formId} variant="primary" isPending={form.isPending} isDisabled={!isSlug(slug)}>
        {t('pages.create')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('pages.new')} isOpen onOpenChange={onClose} footer={footer}>
      <Form id={formId} error={form.error} errors={form.errors} onSubmit={form.submit}>
        <TextField {...form.field('title')} label={t('pages.title')} maxLength={MAX_TITLE} autoComplete="off" autoFocus />
        <TextField
          {...slugField}
          error={isSlug(slug) ? slugField.error : t('pages.slugWrong')}
          label={t('pages.slug')}
          description={slug === '' ? t('pages.slugHint') : t('pages.slugPreview', { address: `${location.host}${basePath}${paths.page(slug)}` })}
          maxLength={MAX_SLUG}
          autoComplete="off"
          spellCheck="false"
        />
      </Form>
    </Dialog>
  );
}
