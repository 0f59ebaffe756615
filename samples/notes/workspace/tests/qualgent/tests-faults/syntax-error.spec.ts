import { test } from "appwright";

test("never parses", async ({ device }) => {
