import { test, expect } from "appwright";
import fs from "fs";

test.use({ trace: "on" }); // Playwright's own, of steps and output

test("keeps what it saw", async ({ device }, testInfo) => {
  await device.getByText("Get started").tap();
  await device.getByText("Add note").tap();
  expect(await device.getByText(/^Notes: \d+/).getText()).toBe("Notes: 1");
  const screen = await (device as any).webdriverClient.takeScreenshot();
  await testInfo.attach("after the start", { body: Buffer.from(screen, "base64"), contentType: "image/png" });

  const data = testInfo.outputPath("data.json");
  fs.writeFileSync(data, JSON.stringify({ notes: 1 }));
  await testInfo.attach("data", { path: data, contentType: "application/json" });

  // As a recorder of the screen would: one that wrote a file, and one that hands over bytes.
  const film = testInfo.outputPath("film.mp4");
  fs.writeFileSync(film, Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) & 255)));
  await testInfo.attach("film", { path: film, contentType: "video/mp4" });
  await testInfo.attach("last seconds", { body: Buffer.from([1, 0, 255, 10, 13]), contentType: "video/webm" });

  // Not handed on: files of the host, and what is hidden behind a link.
  testInfo.attachments.push({ name: "host", path: "/etc/hostname", contentType: "text/plain" });
  const link = testInfo.outputPath("link.txt");
  fs.symlinkSync("/etc/hostname", link);
  testInfo.attachments.push({ name: "link", path: link, contentType: "text/plain" });

  for (let i = 1; i <= 3_000; i++) console.log(`fast line ${i}`); // more than anybody could follow
  console.log("API_TOKEN=a-token-that-nobody-must-see");
});
