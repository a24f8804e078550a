/** A worker that keeps time: browsers slow the timers of pages that nobody looks at, not those of workers. */

let timer;

/** Told a number of milliseconds, it answers that often; told nothing, it stops. */
onmessage = ({ data: every }) => {
  clearInterval(timer);
  if (every) timer = setInterval(postMessage, every, "");
};
