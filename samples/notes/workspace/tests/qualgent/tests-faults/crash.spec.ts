import { test } from "appwright";

test("ends its own process", async ({ device }) => {
  await device.getByText("Get started").tap();
  process.kill(process.pid, "SIGKILL");
});
