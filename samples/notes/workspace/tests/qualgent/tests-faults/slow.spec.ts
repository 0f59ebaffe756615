import { test } from "appwright";

test("takes its time", async ({ device }) => {
  await device.getByText("Get started").tap();
  for (let i = 0; i < 20; i++) {
    console.log(`step ${i}`);
    console.log(`printed at ${Date.now()}`);
    await device.getByText("Add note").tap();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
});
