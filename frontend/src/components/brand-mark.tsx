/** The product's sign, as in the favicon. */
export function BrandMark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#4655d1" />
      <path d="M8 10.5h9M8 16h6M8 21.5h9" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" opacity=".7" />
      <path
        d="m17.5 16.5 3.2 3.2 5-6.2"
        fill="none"
        stroke="#fff"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
