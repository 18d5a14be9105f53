/* What changed, live: the stream tells that something came, and the page itself is read again for its words. */
(() => {
  'use strict';
  const bar = document.getElementById('live');
  if (!bar || !window.EventSource) return;
  const list = document.getElementById('changes');
  const [button, state, said] = ['live-switch', 'live-state', 'live-said'].map((id) => document.getElementById(id));
  const MOST = 200;
  let stream = null, timer = null, reading = false, again = false;

  const newest = () => Math.max(0, ...[...list.querySelectorAll('[data-seq]')].map((one) => Number(one.dataset.seq)));

  async function read() {
    if (reading) { again = true; return; }
    reading = true;
    try {
      const reply = await fetch(location.href, { cache: 'no-store', headers: { Accept: 'text/html' } });
      if (reply.ok) insert(new DOMParser().parseFromString(await reply.text(), 'text/html'));
    } catch { /* the next event tries again */ }
    reading = false;
    if (again) { again = false; later(); }
  }
  function insert(page) {
    const last = newest();
    const found = [...page.querySelectorAll('#changes [data-seq]')].filter((one) => Number(one.dataset.seq) > last);
    if (!found.length) return;
    for (const item of found.reverse()) {
      item.classList.add('fresh-change');
      const day = item.closest('[data-day]');
      let section = list.querySelector(`[data-day="${day.dataset.day}"]`);
      if (!section) {
        section = day.cloneNode(true);
        section.querySelector('.changes').replaceChildren();
        list.prepend(section);
        for (const one of [document.getElementById('none-today'), list.querySelector(':scope > .msg')]) if (one) one.remove();
      }
      section.querySelector('.changes').prepend(document.importNode(item, true));
    }
    const all = [...list.querySelectorAll('[data-seq]')];
    for (const old of all.slice(MOST)) old.remove();
    said.textContent = found.length === 1 ? bar.dataset.cameOne : bar.dataset.came.replace('{n}', found.length);
  }
  function later() { timer ??= setTimeout(() => { timer = null; read(); }, 700); }

  function start() {
    stream = new EventSource(bar.dataset.stream);
    stream.addEventListener('change', later);
    stream.addEventListener('open', () => { state.textContent = bar.dataset.on; later(); });
    stream.addEventListener('error', () => { state.textContent = bar.dataset.lost; });
    button.textContent = bar.dataset.pause;
    state.textContent = bar.dataset.on;
  }
  function stop() {
    if (stream) stream.close();
    stream = null;
    clearTimeout(timer);
    timer = null;
    button.textContent = bar.dataset.resume;
    state.textContent = bar.dataset.off;
  }
  button.addEventListener('click', () => (stream ? stop() : start()));
  addEventListener('pagehide', stop);
  bar.classList.add('on');
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) stop(); else start();
})();
