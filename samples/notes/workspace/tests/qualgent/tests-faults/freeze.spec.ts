import { test } from "appwright";

test("never comes back", async ({ device }) => {
  await device.getByText("Get started").tap();
  while (true); // not even a signal handler gets its turn
});
