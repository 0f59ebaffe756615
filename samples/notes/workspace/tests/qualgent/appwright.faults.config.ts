import { defineConfig } from "appwright";
import config from "./appwright.config";

// The specs that do not pass, each in its own way.
export default defineConfig({ ...config, testDir: "./tests-faults" });
