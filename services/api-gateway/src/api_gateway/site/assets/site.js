/* Legis: what scripts add to pages that work without them. Suggestions while typing, facets at once, copy buttons. */
(() => {
  'use strict';
  const $ = (s, r = document) => r.querySelector(s);
  const all = (s, r = document) => [...r.querySelectorAll(s)];

  /* ---- copy buttons: hidden until there is a script ---- */
  function copyButtons(root) {
    for (const button of all('[data-copy]', root)) {
      if (!navigator.clipboard) continue;
      button.hidden = false;
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText($('#' + button.dataset.copy).textContent);
        const before = button.textContent;
        button.textContent = button.dataset.copied;
        setTimeout(() => { button.textContent = before; }, 2000);
      });
    }
  }

  /* ---- printing: a button, and what is folded opens for the paper; style alone does it in newer browsers only ---- */
  function printButtons(root) {
    for (const button of all('[data-print]', root)) {
      button.hidden = false;
      button.addEventListener('click', () => print());
    }
  }
  let unfolded = [];
  addEventListener('beforeprint', () => {
    unfolded = all('main details:not([open], .noprint, .noprint *)');
    for (const one of unfolded) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of unfolded) one.open = false; });

  /* ---- suggestions: a listbox below the search field (ARIA combobox) ---- */
  let boxes = 0;
  function suggestions(input) {
    const form = input.form;
    const list = document.createElement('ul');
    list.id = 'suggest-' + (boxes += 1);
    list.className = 'suggest';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.labels[0] ? input.labels[0].textContent : '');
    list.hidden = true;
    input.closest('.search').append(list);
    for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', list.id]]) input.setAttribute(name, value);
    let timer, asking, chosen = -1, typed = input.value;

    const close = () => { list.hidden = true; chosen = -1; input.setAttribute('aria-expanded', 'false'); input.removeAttribute('aria-activedescendant'); };
    const choose = (place) => {
      chosen = place;
      all('li', list).forEach((li, i) => li.setAttribute('aria-selected', String(i === place)));
      const li = list.children[place];
      if (li) { input.value = li.textContent; input.setAttribute('aria-activedescendant', li.id); } else { input.value = typed; input.removeAttribute('aria-activedescendant'); }
    };
    const show = (texts) => {
      list.replaceChildren(...texts.map((text, i) => {
        const li = document.createElement('li');
        li.id = list.id + '-' + i;
        li.setAttribute('role', 'option');
        li.setAttribute('aria-selected', 'false');
        li.textContent = text;
        li.addEventListener('mousedown', (e) => { e.preventDefault(); input.value = text; close(); form.requestSubmit(); });
        return li;
      }));
      chosen = -1;
      list.hidden = !texts.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
    };
    const ask = async () => {
      if (asking) asking.abort();
      asking = new AbortController();
      try {
        const reply = await fetch(input.dataset.suggest + '?limit=4&q=' + encodeURIComponent(typed.trim()), { signal: asking.signal });
        if (!reply.ok) return close();
        const { data } = await reply.json();
        const names = [...data.names, ...data.legislators.map((one) => one.name), ...data.organizations.map((one) => one.name || one.acronym)];
        const texts = [...new Set([...data.labels, ...data.words, ...names])].filter(Boolean).slice(0, 8);
        if (document.activeElement === input) show(texts);
      } catch (error) { if (error.name !== 'AbortError') close(); }
    };
    input.addEventListener('input', () => {
      typed = input.value;
      clearTimeout(timer);
      if (typed.trim().length < 2) return close();
      timer = setTimeout(ask, 150);
    });
    input.addEventListener('keydown', (e) => {
      const count = list.hidden ? 0 : list.children.length;
      if (e.key === 'Escape' && count) { input.value = typed; close(); e.preventDefault(); }
      if (!count || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return;
      e.preventDefault();
      const step = e.key === 'ArrowDown' ? 1 : -1;
      choose((chosen + 1 + step + count + 1) % (count + 1) - 1);
    });
    input.addEventListener('blur', () => setTimeout(close, 100));
  }

  /* ---- facets and order at once: the same address as the form would lead to, without loading the frame again ---- */
  const query = () => location.pathname + location.search;
  let loading, shown = query();
  async function load(address, keepFocus) {
    if (loading) loading.abort();
    loading = new AbortController();
    shown = query(); // going to a place on the page is a popstate too, and loads nothing
    const main = $('main');
    main.setAttribute('aria-busy', 'true');
    try {
      const reply = await fetch(address, { signal: loading.signal, headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const focus = keepFocus && document.activeElement ? document.activeElement : null;
      const mark = focus && focus.name ? [focus.name, focus.value] : null;
      main.replaceChildren(...page.querySelector('main').childNodes);
      document.title = page.title;
      main.removeAttribute('aria-busy');
      start(main);
      if (mark) {
        const again = all('input, select', main).find((one) => one.name === mark[0] && (one.tagName === 'SELECT' || one.value === mark[1]));
        if (again) { const more = again.closest('details'); if (more) more.open = true; again.focus({ preventScroll: true }); }
      }
      const count = $('#rs', main);
      if (count) say(count.textContent);
    } catch (error) { if (error.name !== 'AbortError') location.assign(address); }
  }
  function say(text) {
    let live = $('#said');
    if (!live) {
      live = document.createElement('p');
      live.id = 'said';
      live.className = 'vh';
      live.setAttribute('role', 'status');
      document.body.append(live);
    }
    live.textContent = text;
  }
  function facets(form) {
    form.addEventListener('change', (e) => {
      if (!e.target.matches('input[type=checkbox], select')) return;
      const given = [...new FormData(form)].filter(([, value]) => value !== '');
      const address = form.action + '?' + new URLSearchParams(given);
      history.pushState(null, '', address);
      translate();
      load(address, true);
    });
  }
  function translate() {
    const link = $('.lang');
    const url = new URL(link.href);
    url.search = location.search;
    link.href = url;
  }
  addEventListener('popstate', () => { if (query() !== shown && $('#search-form')) { translate(); load(location.href, false); } });

  function start(root) {
    copyButtons(root);
    printButtons(root);
    all('input[data-suggest]', root).forEach(suggestions);
    const form = $('#search-form', root);
    if (form) facets(form);
  }
  start(document);
})();
