import { test } from "appwright";

test("prints what it is given", async ({ device }) => {
  await device.getByText("Get started").tap();
  console.log(`environment: ${JSON.stringify(process.env)}`);
  console.log(`arguments: ${JSON.stringify(process.argv)}`);
});
