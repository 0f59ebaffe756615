// A config that imports the user's and overrides what the worker decides. It lies next to the user's config for the
// time of one round, because relative paths in a config are relative to its folder. The user's files stay as they are.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const reporter = fileURLToPath(new URL('../inside/reporter.cjs', import.meta.url));

const body = `
const user: any = (userModule as any).default?.default ?? (userModule as any).default ?? userModule;
const chosen = (user.projects ?? []).find((p: any) => p.name === decided.project);
if (!chosen) throw new Error(decided.noSuchProject + (user.projects ?? []).map((p: any) => p.name).join(", "));

const kept = new Set<string>();
const keep = (name?: string): void => {
  const project = (user.projects ?? []).find((p: any) => p.name === name);
  if (!project || kept.has(project.name)) return;
  kept.add(project.name);
  [...(project.dependencies ?? []), project.teardown].forEach(keep); // set-up projects and their clean-up
};
keep(decided.project);

const escaped = (file: string) => new RegExp("^" + file.replace(/[.*+?^$\{}()|[\\]\\\\]/g, "\\\\$&") + "$");
const forDevice = (p: any) => ({
  ...p,
  retries: 0, // the orchestrator retries, so that every attempt is seen
  timeout: decided.timeout, // AppWright's own default is none at all
  outputDir: decided.outputDir,
  ...(p === chosen ? { testMatch: decided.files.map(escaped), testIgnore: [] } : {}),
  use: { ...p.use, ...(p.use?.device || p === chosen ? { device: { ...user.use?.device, ...p.use?.device, provider: decided.provider } } : {}), ...(decided.buildPath ? { buildPath: decided.buildPath } : {}) },
});

export default {
  ...user,
  projects: user.projects.filter((p: any) => kept.has(p.name)).map(forDevice),
  workers: 1,
  fullyParallel: false,
  forbidOnly: true, // a forgotten test.only would silently drop every other test of the batch
  retries: 0,
  maxFailures: 0,
  shard: null,
  globalTimeout: decided.globalTimeout,
  outputDir: decided.outputDir,
  reportSlowTests: null,
  reporter: decided.reporters,
};
`;

/** Writes the wrapper; returns its path relative to the project. */
export function writeWrapper({ projectDir, config, project, files, out, roundOut, port, buildPath, timeoutMs, globalTimeoutMs }) {
  const decided = {
    project, files: files.map((file) => path.join(projectDir, file)), provider: 'emulator', buildPath,
    timeout: timeoutMs, globalTimeout: globalTimeoutMs, outputDir: path.join(roundOut, 'test-results'),
    noSuchProject: `${config} has no project named "${project}". It has: `,
    reporters: [
      [reporter, { root: projectDir, out, project, files, kept: path.join(roundOut, 'attachments') }],
      ['list'],
      ['html', { open: 'never', outputFolder: path.join(roundOut, 'html') }],
      ['blob', { outputFile: path.join(roundOut, 'blob', 'report.zip') }], // several of them make one report: npx playwright merge-reports
    ],
  };
  const relative = path.join(path.dirname(config), `.qualgent-${port}.config.ts`);
  fs.writeFileSync(path.join(projectDir, relative), [
    '// Written by the worker for one run, and removed after it.',
    '// @ts-nocheck',
    `import * as userModule from ${JSON.stringify('./' + path.basename(config))};`,
    `const decided = ${JSON.stringify(decided, null, 2)};`,
    body,
  ].join('\n'));
  return relative;
}
