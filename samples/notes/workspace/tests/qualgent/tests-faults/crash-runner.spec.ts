import { test } from "appwright";

test("ends the process that runs it", async ({ device }) => {
  await device.getByText("Get started").tap();
  process.kill(process.ppid, "SIGKILL");
  await new Promise(() => {});
});
