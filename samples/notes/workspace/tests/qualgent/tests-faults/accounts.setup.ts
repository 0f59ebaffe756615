import { test } from "@playwright/test";

test("creates the accounts", async () => {
  throw new Error("the account service is away");
});
