import config from "./appwright.config";

export default { ...config, globalSetup: "./tests-faults/global-setup.ts" };
