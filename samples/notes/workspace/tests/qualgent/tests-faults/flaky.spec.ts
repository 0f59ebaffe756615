import { test, expect } from "appwright";
import fs from "fs";
import path from "path";

// Fails the first time and passes the second; NOTES_STATE_DIR is where it remembers.
test("passes when tried again", async ({ device }) => {
  await device.getByText("Get started").tap();
  const marker = path.join(process.env.NOTES_STATE_DIR!, "flaky.tried");
  const triedBefore = fs.existsSync(marker);
  fs.writeFileSync(marker, "");
  expect(triedBefore, "tried before").toBe(true);
});
