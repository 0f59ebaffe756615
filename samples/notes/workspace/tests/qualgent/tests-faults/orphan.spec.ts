import { test } from "appwright";
import { spawn } from "child_process";

test("leaves a process behind", async ({ device }) => {
  await device.getByText("Get started").tap();
  spawn("sleep", ["3333"], { detached: true, stdio: "ignore" }).unref();
  spawn("sh", ["-c", "sleep 3334 & sleep 1.5"], { detached: true, stdio: "ignore", env: { PATH: process.env.PATH } }).unref();
  await new Promise((resolve) => setTimeout(resolve, 2_000)); // by now the second one has lost its parent
});
