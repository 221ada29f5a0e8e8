import type { Component, PatchOperation } from '@atrium/client';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import { listOf, rowsOf } from '../components/props.js';
import { useEditor } from '../editor.js';
import { addColumn, addRow, removeColumn, removeRow, writeCell } from '../state/list-patches.js';
import { useItemKeys } from '../text/item-keys.js';
import { type SharedText, type TextChange, useSharedText } from '../text/use-shared-text.js';
import styles from './table-editor.module.css';

interface TableEditorProps {
  label: string;
  /** Of the component. */
  id: string;
  props: Component['props'];
  isReadOnly: boolean;
}

/** The headings and cells of a table, and more or fewer of them. */
export function TableEditor({ label, id, props, isReadOnly }: TableEditorProps) {
  const { t } = useTranslation();
  const { commands } = useEditor();
  const columns = listOf(props, 'columns');
  const rows = rowsOf(props, columns.length);
  const rowKeys = useItemKeys(rows);
  const change = (make: (props: Component['props']) => readonly PatchOperation[]) => () => commands.patchProps(id, make);
  const textAt = (now: Component['props'], row: number | undefined, column: number): string | undefined =>
    row === undefined ? listOf(now, 'columns')[column] : rowsOf(now, column + 1)[row]?.[column];
  const cell = (row: number | undefined, column: number, text: string) => ({
    text,
    write: (written: TextChange) => commands.patchProps(id, (now) => writeCell(id, now, row, column, written(textAt(now, row, column))), `cell ${row} ${column}`),
    isReadOnly,
  });
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      <div className={styles.scroller} tabIndex={isReadOnly ? 0 : -1} role="group" aria-label={label}>
        <table className={styles.table}>
          <tbody>
            <tr className={styles.headings}>
              {columns.map((column, at) => (
                <td key={at}>
                  <Cell name={t('editor.table.column', { column: at + 1 })} {...cell(undefined, at, column)} />
                </td>
              ))}
              <td />
            </tr>
            {rows.map((row, at) => (
              <tr key={rowKeys[at]}>
                {row.map((text, column) => (
                  <td key={column}>
                    <Cell
                      name={t('editor.table.cell', { row: at + 1, column: column + 1 })}
                      {...cell(at, column, text)}
                    />
                  </td>
                ))}
                <td className={styles.remove}>
                  {!isReadOnly && (
                    <IconButton label={t('editor.table.removeRow', { row: at + 1 })} size="small" onPress={change((now) => removeRow(id, now, at))}>
                      <X size={14} aria-hidden />
                    </IconButton>
                  )}
                </td>
              </tr>
            ))}
            {!isReadOnly && (
              <tr>
                {columns.map((_column, at) => (
                  <td key={at} className={styles.remove}>
                    <IconButton
                      label={t('editor.table.removeColumn', { column: at + 1 })}
                      size="small"
                      onPress={change((now) => removeColumn(id, now, at))}
                    >
                      <X size={14} aria-hidden />
                    </IconButton>
                  </td>
                ))}
                <td />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {!isReadOnly && (
        <div className={styles.actions}>
          <Button size="small" icon={<Plus size={14} aria-hidden />} onPress={change((now) => addRow(id, now))}>
            {t('editor.table.addRow')}
          </Button>
          <Button
            size="small"
            icon={<Plus size={14} aria-hidden />}
            onPress={change((now) => addColumn(id, now, t('editor.start.column', { count: listOf(now, 'columns').length + 1 })))}
          >
            {t('editor.table.addColumn')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface CellProps extends SharedText {
  name: string;
  isReadOnly: boolean;
}

function Cell({ name, isReadOnly, ...shared }: CellProps) {
  const { value, onChange, ref, keeper } = useSharedText(shared);
  return (
    <>
      <input ref={ref} className={styles.cell} aria-label={name} value={value} readOnly={isReadOnly} onChange={(event) => onChange(event.target.value)} />
      {keeper}
    </>
  );
}
