import { test } from "appwright";

test.skip("one", async ({ device }) => {});
test.skip("two", async ({ device }) => {});
