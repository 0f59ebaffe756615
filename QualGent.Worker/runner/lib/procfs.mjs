// What Linux says about processes. A pid alone is not an identity (numbers come round again), so a process is named
// by pid and start time, the pair the worker also writes to disk.
import fs from 'node:fs';

/**
 * The fields of /proc/PID/stat that matter here. The second field is the program's name in brackets and may itself hold
 * spaces and brackets, so everything is counted from the last ')':
 *   4321 (node (x) y) S 4300 4321 4321 0 -1 … 918273 …
 */
export function parseStat(text) {
  const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: rest[0], ppid: Number(rest[1]), pgrp: Number(rest[2]), session: Number(rest[3]), start: rest[19] };
}

export function readProcess(pid) {
  try {
    const seen = parseStat(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
    // A zombie does nothing any more and only waits for its parent to look.
    return seen.state === 'Z' || seen.state === 'X' ? null : { pid, ...seen };
  } catch {
    return null;
  }
}

export function listProcesses() {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => readProcess(Number(name))).filter(Boolean);
}

/** True when the environment the process was started with holds exactly NAME=value. */
export function hasVariable(pid, name, value) {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${name}=${value}`);
  } catch {
    return false; // ended meanwhile, or not ours to read
  }
}

export function isSame(process) {
  return readProcess(process.pid)?.start === process.start;
}
