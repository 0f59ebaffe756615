import { test } from "appwright";

test("prints 20 MB", async ({ device }) => {
  await device.getByText("Get started").tap();
  for (let i = 0; i < 20_000; i++) console.log(`${i} ${"x".repeat(1_000)}`);
});
