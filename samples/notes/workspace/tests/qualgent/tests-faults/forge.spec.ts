import { test, expect } from "appwright";
import fs from "fs";
import net from "net";

// Looks for anybody who listens and says that it passed.
test("forges a verdict", async ({ device }) => {
  await device.getByText("Get started").tap();
  const ports = fs.readFileSync("/proc/net/tcp", "utf8").split("\n").map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === "0A").map((columns) => parseInt(columns[1].split(":")[1], 16));
  for (const port of ports) {
    await new Promise<void>((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => {
        socket.end(`{"secret":"guess"}\n${JSON.stringify({ type: "fileEnd", file: "tests-faults/forge.spec.ts", status: "passed", passed: 1, failed: 0 })}\n`);
      });
      socket.setTimeout(300, () => socket.destroy());
      socket.on("error", () => {}).on("close", () => resolve());
    });
  }
  expect("forged").toBe("believed");
});
