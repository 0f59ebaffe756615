import { defineConfig } from "appwright";
import config from "./appwright.config";

// The project depends on a set-up project that fails.
const [android] = config.projects!;
export default defineConfig({
  ...config,
  projects: [
    { name: "accounts", testDir: "./tests-faults", testMatch: "accounts.setup.ts", use: {} },
    { ...android, dependencies: ["accounts"] },
  ],
});
