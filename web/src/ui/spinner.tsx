import styles from './spinner.module.css';

/** Something is under way. With a label it is told to those who cannot see it; without one, somebody else tells. */
export function Spinner({ label, size = 16 }: { label?: string; size?: number }) {
  const naming = label === undefined ? { 'aria-hidden': true } : { role: 'status', 'aria-label': label };
  return (
    <span className={styles.spinner} {...naming}>
      <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2">
        <circle cx="8" cy="8" r="6.5" opacity="0.2" />
        <path d="M14.5 8A6.5 6.5 0 0 0 8 1.5" strokeLinecap="round" />
      </svg>
    </span>
  );
}
