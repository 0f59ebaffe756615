import { defineConfig, Platform } from "appwright";
import path from "path";

// An ordinary AppWright config. Nothing in this folder knows who runs it.
export default defineConfig({
  testDir: ".", // tests/ passes, tests-faults/ shows what failures look like
  reporter: [["list"], ["html", { open: "never" }]],
  projects: [
    {
      name: "android",
      use: {
        platform: Platform.ANDROID,
        device: { provider: "emulator" },
        buildPath: path.join("builds", "notes.apk"),
      },
    },
  ],
});
