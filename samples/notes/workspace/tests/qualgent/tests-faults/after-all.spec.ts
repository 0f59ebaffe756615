import { test } from "appwright";

test.afterAll(async () => {
  throw new Error("the clean-up failed");
});
test("does nothing wrong", async ({ device }) => {
  await device.getByText("Get started").tap();
});
