import { test, expect } from "appwright";

test("starts with none", async ({ device }) => {
  await device.getByText("Get started").tap();
  await device.getByText("Add note").tap();
  expect(await device.getByText(/^Notes: \d+/).getText()).toBe("Notes: 1");
});

test.skip("counts backwards", async () => {});
