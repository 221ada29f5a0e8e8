import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('pages')
export class PageEntity {
  @PrimaryColumn('uuid', { name: 'channel_id' })
  id: string;
  /** The client's own name for it. */
  @Column('text', { name: 'page_id' })
  pageId: string;
  @Column('text')
  title: string;
  /** Title and slug as a search compares them. */
  @Column('text', { name: 'search_key' })
  searchKey: string;
  @Column('uuid', { name: 'creator_id' })
  creatorId: string;
  /** A snapshot as of `version`, written behind: JSON, gzipped. */
  @Column('bytea')
  content: Buffer;
  @Column('bigint')
  version: number;
  /** Of the snapshot as JSON text. */
  @Column('bigint')
  bytes: number;
}
