'use strict';
// Finding elements: the selectors AppWright and its users write, as tests on one element.

const REFUSED = Symbol('not understood');
const unescape = (text) => text.replace(/\\(.)/g, '$1');

// new UiSelector().textMatches("^Notes.*") · text("Get started")
const uiAutomator = {
  text: (v) => (e) => e.text === v,
  textContains: (v) => (e) => e.text.toLowerCase().includes(v.toLowerCase()),
  textMatches: (v) => whole(v, (e) => e.text),
  resourceId: (v) => (e) => e.resourceId === v,
  resourceIdMatches: (v) => whole(v, (e) => e.resourceId),
  description: (v) => (e) => e.description === v,
  className: (v) => (e) => e.class === v,
};

const strategies = {
  id: (v) => (e) => e.resourceId === v || e.resourceId.endsWith(`:id/${v}`),
  'class name': (v) => (e) => e.class === v,
  'accessibility id': (v) => (e) => e.description === v,
  '-android uiautomator': (selector) => {
    const [, name, text] = /^(?:new UiSelector\(\)\.)?(\w+)\("([\s\S]*)"\)$/.exec(selector.trim()) ?? [];
    return uiAutomator[name]?.(unescape(text)) ?? REFUSED;
  },
  // //android.widget.Button[@text="OK"] · //*[contains(@resource-id,"name")]
  xpath: (selector) => {
    const found = /^\/\/(\*|[\w.]+)(?:\[(?:@([\w-]+)\s*=\s*["'](.*)["']|contains\(@([\w-]+),\s*["'](.*)["']\))\])?$/.exec(selector.trim());
    if (!found) return REFUSED;
    const [, tag, equal, value, containing, part] = found;
    return (e) => (tag === '*' || e.class === tag) && (!equal || attribute(e, equal) === value) && (!containing || attribute(e, containing).includes(part));
  },
};

function whole(pattern, get) {
  const regex = new RegExp(`^(?:${pattern})$`);
  return (e) => regex.test(get(e));
}

const attribute = (e, name) => ({ text: e.text, 'resource-id': e.resourceId, 'content-desc': e.description, class: e.class, displayed: String(e.visible) }[name] ?? '');

/** @returns a test on one element, or null when the virtual device does not understand the selector */
function matcher(strategy, selector) {
  const found = strategies[strategy]?.(selector) ?? REFUSED;
  return found === REFUSED ? null : found;
}

module.exports = { attribute, matcher, names: Object.keys(strategies) };
