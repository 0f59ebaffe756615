import { test } from "appwright";

test.only("was debugged and forgotten", async ({ device }) => {
  await device.getByText("Get started").tap();
});
test("would be left out", async ({ device }) => {});
