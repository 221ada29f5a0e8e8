/**
 * State that follows the journal in the same statement: a module's rows are committed with its entries, or neither is.
 *
 * `sql` is a data-modifying CTE body that reads `placed`, the entries being committed: channel_id, seq, ordinal, type, actor_id, op_id,
 * payload, at, and the `columns` of all projections, which callers fill through `NewEntry.row`.
 */
export interface Projection {
  readonly name: string;
  /** Column name → PostgreSQL type. Several projections may share one of the same type. */
  readonly columns: Readonly<Record<string, string>>;
  readonly sql: string;
}
