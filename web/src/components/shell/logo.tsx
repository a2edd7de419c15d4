/**
 * The mark: a ring crossed by a longer waterline, the hull below it filled.
 *
 * Below 20 px it has a drawing of its own, whose lines fall on whole pixels.
 */
export function Logo({ size = 24, className }: { size?: number; className?: string }) {
  const small = size < 20;
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox={small ? '0 0 16 16' : '0 0 64 64'}
      fill="none"
      stroke="currentColor"
      strokeWidth={small ? 1.5 : 4}
      className={className}
    >
      {small ? (
        <>
          <circle cx="8" cy="8" r="5" />
          <path d="M0 8.75H16" />
          <path d="M3 8.75a5 5 0 0 0 10 0z" fill="currentColor" stroke="none" />
        </>
      ) : (
        <>
          <circle cx="32" cy="32" r="18" />
          <path d="M2 34H62" />
          <path d="M14 34a18 18 0 0 0 36 0z" fill="currentColor" stroke="none" />
        </>
      )}
    </svg>
  );
}
