const KEY = 'plimsoll.palette';
/** How many choices are remembered. */
const KEPT = 40;

/** Remembers what was chosen, newest last. */
export function remember(id: string) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...chosen(), id].slice(-KEPT)));
  } catch {
    // Storage is blocked: nothing is remembered.
  }
}

/** Higher for what was chosen often and lately. */
export function rankOf(id: string): number {
  return chosen().reduce((sum, other, index) => (other === id ? sum + (index + 1) / KEPT : sum), 0);
}

function chosen(): string[] {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(saved) ? saved.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
