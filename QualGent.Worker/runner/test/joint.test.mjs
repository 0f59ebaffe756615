// Lines and events, in whatever order they arrive, are told in the order in which they happened.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Joint, PATIENCE_MS } from '../lib/joint.mjs';

function join(...arrivals) {
  const joint = new Joint(), told = [];
  for (const arrival of arrivals) {
    const [kind, name] = arrival.split(' ');
    if (kind === 'line') joint.line(() => told.push(name));
    else if (kind === 'mark') joint.mark(name);
    else joint.event({ type: kind, file: name }, () => told.push(`${kind} ${name}`));
  }
  return { joint, told };
}

describe('joint', () => {
  test('events that are ahead wait for the lines before them', () => {
    const { told } = join('fileBegin a', 'mark a', 'fileEnd a', 'fileBegin b', 'fileEnd b', 'line a1', 'mark b', 'line b1');
    assert.deepEqual(told, ['fileBegin a', 'fileEnd a', 'a1', 'fileBegin b', 'fileEnd b', 'b1']);
  });

  test('lines that are ahead wait for their file', () => {
    const { told } = join('line x', 'mark a', 'line a1', 'mark b', 'line b1', 'fileBegin a', 'fileEnd a', 'fileBegin b');
    assert.deepEqual(told, ['x', 'fileBegin a', 'a1', 'fileEnd a', 'fileBegin b', 'b1']);
  });

  test('a mark that never comes holds nothing for long', async () => {
    const { told } = join('fileBegin a', 'fileEnd a', 'line 1');
    assert.deepEqual(told, ['1']);
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS + 200));
    assert.deepEqual(told, ['1', 'fileBegin a', 'fileEnd a']);
  });

  test('a file that never begins holds its lines until the end', () => {
    const { joint, told } = join('mark a', 'line a1', 'mark b', 'line b1');
    assert.deepEqual(told, []);
    joint.flush();
    joint.flush();
    assert.deepEqual(told, ['a1', 'b1']);
  });
});
