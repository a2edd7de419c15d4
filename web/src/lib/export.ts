export type Cell = string | number | boolean | null | undefined;

/** Rows as CSV (RFC 4180). A text that a spreadsheet would run as a formula gets a quote before it. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${[header, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

export function saveText(name: string, type: string, text: string) {
  save(name, new Blob([text], { type }));
}

/** Hands a file to the browser's downloads. */
export function save(name: string, blob: Blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves a drawing as a picture. */
export function savePng(name: string, canvas: HTMLCanvasElement) {
  canvas.toBlob((blob) => blob && save(name, blob), 'image/png');
}

/** Draws an SVG element, with the colours it has on the page, on a canvas twice its size. */
export async function drawSvg(svg: SVGSVGElement, ground: string): Promise<HTMLCanvasElement> {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const live = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const style = getComputedStyle(live[index] as SVGElement);
    for (const name of ['fill', 'stroke', 'stroke-width', 'font-size', 'font-family', 'opacity']) {
      element.style.setProperty(name, style.getPropertyValue(name));
    }
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext('2d');
  if (context) {
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

function field(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  const text =
    typeof cell === 'string' && /^[=+@\t\r]|^-(?![\d.])/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
