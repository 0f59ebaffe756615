import { test, expect } from "appwright";
import fs from "fs";
import { remembered } from "./remembered";

// Fails in the first execution that gets so far, and passes in the next.
test("passes when tried again", async ({ device }) => {
  await device.getByText("Get started").tap();
  const triedBefore = fs.existsSync(remembered);
  fs.writeFileSync(remembered, "");
  expect(triedBefore, "tried before").toBe(true);
});
