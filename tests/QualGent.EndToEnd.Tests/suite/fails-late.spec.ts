import { test, expect } from "appwright";

test("passes", async ({ device }) => {
  await device.getByText("Get started").tap();
});

test("fails", async ({ device }) => {
  await device.getByText("Get started").tap();
  expect(await device.getByText(/^Hello/).getText()).toBe("Hello, Grace!");
});
