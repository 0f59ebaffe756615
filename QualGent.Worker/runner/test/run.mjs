// `npm test`: installs the sample's packages once per lock file, then runs every *.test.mjs.
// Node 18 knows neither patterns for --test nor a limit for parallel files, so both are given here.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedPackages } from './support/project.mjs';

installedPackages();
const here = path.dirname(fileURLToPath(import.meta.url));
const files = fs.readdirSync(here).filter((name) => name.endsWith('.test.mjs')).map((name) => path.join(here, name));
const { status } = spawnSync(process.execPath, ['--test', ...process.argv.slice(2), ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
