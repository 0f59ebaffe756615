import { test } from "appwright";
import fs from "fs";
import os from "os";
import path from "path";

test("writes where it can", async ({ device }) => {
  await device.getByText("Get started").tap();
  for (const dir of [process.cwd(), path.dirname(__filename), os.homedir(), os.tmpdir()]) fs.writeFileSync(path.join(dir, "written-by-a-test.txt"), "");
});
