import type { Component } from '@atrium/client';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { IconButton } from '../../ui/icon-button.js';
import { listOf, rowsOf } from '../components/props.js';
import { useWholeCharacters } from '../state/use-whole-characters.js';
import styles from './table-editor.module.css';

interface TableEditorProps {
  label: string;
  props: Component['props'];
  onChange: (table: { columns: string[]; rows: string[][] }) => void;
  isReadOnly: boolean;
}

/** The headings and cells of a table, and more or fewer of them. */
export function TableEditor({ label, props, onChange, isReadOnly }: TableEditorProps) {
  const { t } = useTranslation();
  const columns = listOf(props, 'columns');
  const rows = rowsOf(props, columns.length);
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      <div className={styles.scroller} tabIndex={isReadOnly ? 0 : -1} role="group" aria-label={label}>
        <table className={styles.table}>
          <tbody>
            <tr className={styles.headings}>
              {columns.map((column, at) => (
                <td key={at}>
                  <Cell name={t('editor.table.column', { column: at + 1 })} value={column} onChange={(text) => onChange({ columns: columns.with(at, text), rows })} isReadOnly={isReadOnly} />
                </td>
              ))}
              <td />
            </tr>
            {rows.map((row, at) => (
              <tr key={at}>
                {row.map((text, column) => (
                  <td key={column}>
                    <Cell
                      name={t('editor.table.cell', { row: at + 1, column: column + 1 })}
                      value={text}
                      onChange={(value) => onChange({ columns, rows: rows.with(at, row.with(column, value)) })}
                      isReadOnly={isReadOnly}
                    />
                  </td>
                ))}
                <td className={styles.remove}>
                  {!isReadOnly && (
                    <IconButton label={t('editor.table.removeRow', { row: at + 1 })} size="small" onPress={() => onChange({ columns, rows: rows.toSpliced(at, 1) })}>
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
                      onPress={() => onChange({ columns: columns.toSpliced(at, 1), rows: rows.map((row) => row.toSpliced(at, 1)) })}
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
          <Button size="small" icon={<Plus size={14} aria-hidden />} onPress={() => onChange({ columns, rows: [...rows, columns.map(() => '')] })}>
            {t('editor.table.addRow')}
          </Button>
          <Button
            size="small"
            icon={<Plus size={14} aria-hidden />}
            onPress={() => onChange({ columns: [...columns, t('editor.start.column', { count: columns.length + 1 })], rows: rows.map((row) => [...row, '']) })}
          >
            {t('editor.table.addColumn')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface CellProps {
  name: string;
  value: string;
  onChange: (text: string) => void;
  isReadOnly: boolean;
}

function Cell({ name, isReadOnly, ...typed }: CellProps) {
  const { value, onChange } = useWholeCharacters(typed);
  return <input className={styles.cell} aria-label={name} value={value} readOnly={isReadOnly} onChange={(event) => onChange(event.target.value)} />;
}
