import { lab } from './en-lab';
import { shell } from './en-shell';

/** What the app says, in English. A calm harbour master: short, exact, numbers first. */
export const en = { ...shell, ...lab } as const;
