export default async function globalSetup() {
  throw new Error("the licence server is away");
}
