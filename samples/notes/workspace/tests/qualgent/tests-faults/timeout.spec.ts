import { test } from "appwright";

test("waits for ever", async ({ device }) => {
  await device.getByText("Get started").tap();
  await new Promise(() => {});
});
