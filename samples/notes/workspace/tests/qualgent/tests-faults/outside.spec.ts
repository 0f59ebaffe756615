import { test as base } from "appwright";

// The error comes when the worker process ends: it belongs to no test.
const test = base.extend<{}, { pool: string }>({
  pool: [async ({}, use) => {
    await use("pool");
    throw new Error("the pool could not be closed");
  }, { scope: "worker", auto: true }],
});
test("passes, as far as it goes", async ({ device }) => {
  await device.getByText("Get started").tap();
});
