import { test, expect } from "appwright";

test("synchronises after the start", async ({ device }) => {
  await expect(device.getByText(/^Version \d+\.\d+\.\d+/)).toBeVisible();
  await device.getByText("Get started").tap();
  await expect(device.getByText("Synced")).toBeVisible();
});
