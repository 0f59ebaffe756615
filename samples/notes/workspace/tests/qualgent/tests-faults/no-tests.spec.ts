import { test } from "appwright";

export const later = test;
