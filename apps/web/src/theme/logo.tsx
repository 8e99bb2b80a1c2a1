/** The mark of Segue: one piece fades out while the next fades in. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#10382f" />
      <path d="M5 9c11 0 11 14 22 14H5Z" fill="#d6ee5a" />
      <path d="M27 9C16 9 16 23 5 23h22Z" fill="#ff8a5c" fillOpacity="0.88" />
    </svg>
  );
}
