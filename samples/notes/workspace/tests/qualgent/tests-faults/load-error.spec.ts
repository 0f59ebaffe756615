import { test } from "appwright";
import { nothing } from "./does-not-exist";

test("never loads", async ({ device }) => nothing(device));
