import { test, expect } from "appwright";

test("counts the notes", async ({ device }) => {
  await device.getByText("Get started").tap();
  await device.getByText("Add note").tap();
  await device.getByText("Add note").tap();
  expect(await device.getByText(/^Notes: \d+/).getText()).toBe("Notes: 2");
});
