import { memo } from 'react';
import { classes } from '../../ui/classes.js';
import { isEmojiOnly } from './emoji-only.js';
import { format, type Piece } from './formatting.js';
import styles from './message-text.module.css';

/** What somebody wrote. Nothing in it has any effect, but links. */
export const MessageText = memo(function MessageText({ content }: { content: string }) {
  return (
    <div className={classes(styles.text, isEmojiOnly(content) && styles.emoji)} dir="auto">
      {format(content).map((piece, index) => (
        <TextPiece key={index} piece={piece} />
      ))}
    </div>
  );
});

function TextPiece({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'link':
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
          {piece.text}
        </a>
      );
    case 'code':
      return <code className={styles.code}>{piece.text}</code>;
    case 'block':
      return (
        <pre className={styles.block} dir="ltr">
          <code>{piece.text}</code>
        </pre>
      );
  }
}
