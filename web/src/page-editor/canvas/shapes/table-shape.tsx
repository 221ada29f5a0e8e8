import { listOf, rowsOf } from '../../components/props.js';
import type { ShapeProps } from './shape.js';
import styles from './shapes.module.css';

export function TableShape({ component: { props }, box }: ShapeProps) {
  const columns = listOf(props, 'columns');
  const rows = rowsOf(props, columns.length);
  return (
    <div {...box} className={styles.tableBox}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column, at) =>
              column === '' ? (
                <td key={at} />
              ) : (
                <th key={at} scope="col">
                  {column}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
