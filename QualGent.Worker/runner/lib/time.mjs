export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until the condition holds; false when it did not within the time given. */
export async function until(condition, ms, step = 25) {
  for (const end = Date.now() + ms; ;) {
    if (await condition()) return true;
    if (Date.now() >= end) return false;
    await sleep(step);
  }
}

/** The promise's value, or `fallback` when it takes longer than the time given. */
export async function within(promise, ms, fallback) {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, ms, fallback); });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
