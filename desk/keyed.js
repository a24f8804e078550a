/** Lists that keep the element of an item while the item stays, so that focus stays where it is. */

const rows = new WeakMap();

/**
 * Makes the children of an element those of the items.
 * @param {(item) => string | number} key tells items apart
 * @param {(item) => {element, update}} build makes a row; update(item, at) fills it
 */
export function keyed(parent, items, key, build) {
  const before = rows.get(parent) || new Map();
  const now = new Map();
  items.forEach((item, at) => {
    const row = before.get(key(item)) || build(item);
    before.delete(key(item));
    now.set(key(item), row);
    row.update(item, at);
    if (parent.children[at] !== row.element) parent.insertBefore(row.element, parent.children[at]);
  });
  for (const { element } of before.values()) element.remove();
  rows.set(parent, now);
}
