import { test } from "appwright";

test("ends before the other crashes", async ({ device }) => {
  await device.getByText("Get started").tap();
});

test("crashes", async () => {
  process.kill(process.pid, "SIGKILL");
});
