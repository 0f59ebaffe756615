import { test, expect } from "appwright";

test("expects what is not there", async ({ device }) => {
  await device.getByText("Get started").tap();
  expect(await device.getByText(/^Hello/).getText()).toBe("Hello, Grace!");
});
