import { test, expect } from "appwright";

test("meets a crashing app", async ({ device }) => {
  await device.getByText("Get started").tap();
  await device.getByText("Crash").tap();
  await expect(device.getByText("Add note")).toBeVisible({ timeout: 1_000 });
});
