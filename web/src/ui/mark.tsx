/** The arch of the favicon, in the colours of the theme. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M7.5 24.5V15a8.5 8.5 0 0 1 17 0v9.5M12.5 24.5V16a3.5 3.5 0 0 1 7 0v8.5" fill="none" stroke="var(--text-on-accent)" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
