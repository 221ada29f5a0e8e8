import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format.js';
import { TextField, type TextFieldProps } from '../ui/text-field.js';
import { MEMBER_LIMIT } from './member-limit.js';

export function MemberLimitField(props: Omit<TextFieldProps, 'label' | 'description' | 'inputMode'>) {
  const { t, i18n } = useTranslation();
  const hint = t('rooms.maxMembersHint', { max: formatNumber(MEMBER_LIMIT.max, i18n.language) });
  return <TextField {...props} label={t('rooms.maxMembers')} description={hint} inputMode="numeric" autoComplete="off" />;
}
