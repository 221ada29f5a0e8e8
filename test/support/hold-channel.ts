import pg from 'pg';

/** Locks a channel's row, as another node's commit would: nothing can be appended until it is released. */
export async function holdChannel(url: string, channelId: string): Promise<{ isWaitedFor(): Promise<void>; release(): Promise<void> }> {
  const [holder, watcher] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([holder.connect(), watcher.connect()]);
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM channels WHERE id = $1 FOR UPDATE', [channelId]);
  return {
    async isWaitedFor() {
      const look = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await watcher.query(look)).rowCount === 0);
    },
    async release() {
      await holder.query('ROLLBACK');
      await Promise.all([holder.end(), watcher.end()]);
    },
  };
}
