import { expect, it } from 'vitest';
import { readEvents } from './events';

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
}

async function all(...chunks: string[]) {
  const events = [];
  for await (const event of readEvents(streamOf(...chunks))) events.push(event);
  return events;
}

it('joins what arrives in pieces', async () => {
  expect(await all('data: {"pro', 'gress": 4}\n', '\ndata: b\n\n')).toEqual([
    { event: 'message', data: '{"progress": 4}' },
    { event: 'message', data: 'b' },
  ]);
});

it('reads names, several lines, comments and carriage returns', async () => {
  expect(await all(': hello\n\nevent: progress\r\ndata: 1\r\ndata: 2\r', '\n\r\n')).toEqual([
    { event: 'progress', data: '1\n2' },
  ]);
});

it('leaves out what has not ended', async () => {
  expect(await all('data: 1\n\ndata: half')).toEqual([{ event: 'message', data: '1' }]);
});
