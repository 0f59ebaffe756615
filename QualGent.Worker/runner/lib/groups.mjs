// Starting processes so that they can always be found again, and ending them so that none is left.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hasVariable, isSame, listProcesses, readProcess } from './procfs.mjs';
import { until } from './time.mjs';

const gate = fileURLToPath(new URL('../inside/gate.cjs', import.meta.url));

export class Groups {
  /** @param {string} file one JSON line per process group, read by the worker after a crash of its own */
  constructor(file) {
    this.file = file;
  }

  /**
   * Starts a Node program in a process group and session of its own. The program waits at a gate (its standard input)
   * until the group is on disk: should this process be killed in between, the gate closes and the program ends unused.
   */
  start(what, script, args, { cwd, env, channel = false }) {
    const child = spawn(process.execPath, ['--require', gate, script, ...args], {
      cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe', ...(channel ? ['ipc'] : [])],
    });
    child.stdin.on('error', () => {}); // it died at the gate: its exit says so
    const seen = child.pid && readProcess(child.pid);
    if (seen) {
      fs.appendFileSync(this.file, JSON.stringify({ pgid: child.pid, start: seen.start, what }) + '\n');
      child.stdin.end('\n');
    }
    return child;
  }
}

export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

function groupLives(pgid) {
  return signal(-pgid, 0) && listProcesses().some((p) => p.pgrp === pgid); // the first also counts zombies
}

/** Ends a whole group: each signal gets its time, the next one follows only when somebody is left. */
export async function endGroup(pgid, steps) {
  for (const [name, ms] of steps) {
    if (!groupLives(pgid) || !signal(-pgid, name)) return;
    if (await until(() => !groupLives(pgid), ms)) return;
  }
}

/**
 * Everything a test process ever started, as far as it can be seen: by session (survives a changed process group), by
 * the batch's name in the environment (survives setsid), and by descent noted while the parent lived (survives both,
 * unless a process is born and disowned between two looks).
 */
export class Family {
  constructor(leader, batch) {
    this.leader = leader;
    this.batch = batch;
    this.known = new Map();
  }

  look() {
    const all = listProcesses();
    for (let grew = true; grew;) {
      grew = false;
      for (const p of all) {
        if (this.known.has(p.pid) || p.pid === process.pid) continue;
        if (p.session === this.leader || p.pid === this.leader || this.known.has(p.ppid)) {
          this.known.set(p.pid, p);
          grew = true;
        }
      }
    }
    for (const [pid, p] of this.known) {
      if (!all.some((q) => q.pid === pid && q.start === p.start)) this.known.delete(pid);
    }
    return all;
  }

  strays() {
    const named = this.look().filter((p) => p.pid !== process.pid && !this.known.has(p.pid)
      && hasVariable(p.pid, 'QUALGENT_BATCH', this.batch) && !hasVariable(p.pid, 'QUALGENT_ROLE', 'appium'));
    return [...this.known.values(), ...named];
  }

  /** Ends whatever is left; returns how many there were. */
  end() {
    return endProcesses(() => this.strays());
  }
}

/** Every process that carries the batch's name, Appium included: for the end of the batch. */
export function endBatch(batch) {
  return endProcesses(() => listProcesses().filter((p) => p.pid !== process.pid && hasVariable(p.pid, 'QUALGENT_BATCH', batch)));
}

async function endProcesses(find) {
  let left = find();
  const found = left.length;
  for (const [name, ms] of [['SIGTERM', 300], ['SIGKILL', 1000], ['SIGKILL', 1000]]) {
    if (!left.length) break;
    for (const p of left) if (isSame(p)) signal(p.pid, name);
    await until(() => !left.some(isSame), ms);
    left = find(); // a dying parent may have left children behind
  }
  return found;
}
