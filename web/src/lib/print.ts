import { forceLight } from './preferences';

/** How long charts may take to draw themselves anew. */
const REDRAW_MS = 400;

/** Prints the page in light colours, whatever the theme, since paper is white. */
export async function printPage() {
  forceLight(true);
  await new Promise((resolve) => setTimeout(resolve, REDRAW_MS));
  window.print();
  forceLight(false);
}
