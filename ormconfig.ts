import { DataSource } from 'typeorm';
import { dataSourceOptions } from './src/platform/database/connection.js';

const url = process.env.DATABASE_URL;
if (!url) throw new Error('Set DATABASE_URL (the embedded server writes its own to data/postgres.url)');

/** For TypeORM's command line: npm run build && npx typeorm migration:show -d dist/ormconfig.js */
export default new DataSource(dataSourceOptions(url));
