import { test } from "appwright";

test("ends before the other hangs", async ({ device }) => {
  await device.getByText("Get started").tap();
});

test("hangs", async () => {
  test.setTimeout(0);
  await new Promise(() => {});
});
