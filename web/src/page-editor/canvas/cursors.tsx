import { useCursors, usePageUsers } from '@atrium/client/react';
import { type RefObject, useCallback, useSyncExternalStore } from 'react';
import { classes } from '../../ui/classes.js';
import { useEditor } from '../editor.js';
import { personColour } from '../state/person-colour.js';
import { userName } from '../state/user-name.js';
import { isOnCanvas, LOGICAL_WIDTH } from './cursor-position.js';
import styles from './cursors.module.css';
import { NAME_STEP_PX, stepsOf } from './name-steps.js';

const NAME_TOP_PX = 12;

/** Where the others point at. */
export function Cursors({ content }: { content: RefObject<HTMLElement | null> }) {
  const { page } = useEditor();
  const cursors = useCursors(page).filter(isOnCanvas);
  const users = usePageUsers(page);
  const width = useWidth(content);
  const steps = stepsOf(cursors);
  return (
    <div className={styles.layer} aria-hidden>
      {cursors.map(({ connectionId, userId, x, y }) => (
        <div key={connectionId} className={classes(styles.cursor, personColour(userId))} style={{ transform: `translate(${(x * width) / LOGICAL_WIDTH}px, ${y}px)` }} data-cursor={userId}>
          <svg width="16" height="18" viewBox="0 0 16 18">
            <path d="M1 1l5.2 15 2.4-6.1L15 7.6z" fill="var(--person)" stroke="var(--surface)" strokeWidth="1.5" strokeLinejoin="round" />
          </svg>
          {/* Named anew with each move: it goes when the cursor rests. */}
          <span key={`${x} ${y}`} className={styles.name} style={{ marginTop: NAME_TOP_PX + steps.get(connectionId)! * NAME_STEP_PX }}>
            {userName(users, userId)}
          </span>
        </div>
      ))}
    </div>
  );
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const subscribe = useCallback(
    (listener: () => void): (() => void) => {
      const observer = new ResizeObserver(listener);
      if (element.current) observer.observe(element.current);
      return () => observer.disconnect();
    },
    [element],
  );
  return useSyncExternalStore(subscribe, () => element.current?.clientWidth ?? LOGICAL_WIDTH);
}
