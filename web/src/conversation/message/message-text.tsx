import { memo, type ReactNode } from 'react';
import { classes } from '../../ui/classes.js';
import { isEmojiOnly } from './emoji-only.js';
import styles from './message-text.module.css';
import type { Block, Inline, Link, List } from './message-tree.js';
import { useParser } from './use-parser.js';

/** The text of a message as Markdown. Only links have an effect; `end` follows the last word. */
export const MessageText = memo(function MessageText({ content, end }: { content: string; end?: ReactNode }) {
  const parse = useParser();
  return (
    <div className={classes(styles.text, isEmojiOnly(content) && styles.emoji)} dir="auto">
      <Blocks blocks={parse(content)} dir="auto" end={end} />
    </div>
  );
});

interface InDirection {
  /** Each block finds its own; those in a quote or a list have the direction of all of it, whose marks stand on one side. */
  readonly dir?: 'auto' | undefined;
}

/** `end` stands in the line of the last word, or below what is no line of words. */
function Blocks({ blocks, dir, end }: InDirection & { blocks: readonly Block[]; end?: ReactNode }) {
  const isLine = blocks.at(-1)?.kind === 'paragraph';
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} dir={dir} end={isLine && index === blocks.length - 1 ? end : undefined} />
      ))}
      {!isLine && end}
    </>
  );
}

function BlockView({ block, dir, end }: InDirection & { block: Block; end?: ReactNode }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir={dir}>
          <Inlines inlines={block.children} />
          {end}
        </p>
      );
    case 'quote':
      return (
        <blockquote dir={dir}>
          <Blocks blocks={block.children} />
        </blockquote>
      );
    case 'list':
      return <ListView block={block} dir={dir} />;
    case 'code':
      return (
        <pre className={styles.block} dir="ltr">
          <code>{block.text}</code>
        </pre>
      );
  }
}

function ListView({ block: { start, items }, dir }: InDirection & { block: List }) {
  const children = items.map((item, index) => (
    <li key={index}>
      <Blocks blocks={item} />
    </li>
  ));
  return start === undefined ? <ul dir={dir}>{children}</ul> : <ol dir={dir} start={start}>{children}</ol>;
}

function Inlines({ inlines }: { inlines: readonly Inline[] }) {
  return inlines.map((inline, index) => <InlineView key={index} inline={inline} />);
}

function InlineView({ inline }: { inline: Inline }) {
  if (typeof inline === 'string') return inline;
  switch (inline.kind) {
    case 'code':
      return <code className={styles.code}>{inline.text}</code>;
    case 'link':
      return <LinkView link={inline} />;
    default: {
      const Mark = inline.kind;
      return (
        <Mark>
          <Inlines inlines={inline.children} />
        </Mark>
      );
    }
  }
}

/** Where it leads is told on hovering, and at once when its words name another place. */
function LinkView({ link: { href, children, host } }: { link: Link }) {
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      <Inlines inlines={children} />
      {host !== undefined && <bdi className={styles.host}> ({host})</bdi>}
    </a>
  );
}
