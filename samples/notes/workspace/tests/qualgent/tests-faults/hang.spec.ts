import { test } from "appwright";

test("waits for ever, and forbids the time-out", async ({ device }) => {
  test.setTimeout(0);
  await device.getByText("Get started").tap();
  await new Promise(() => {});
});
