let isPending = false;

/** Says that the route changed: the next heading to appear takes the focus. */
export function requestRouteFocus() {
  isPending = true;
}

/** True once after each request. */
export function takeRouteFocus(): boolean {
  const was = isPending;
  isPending = false;
  return was;
}
