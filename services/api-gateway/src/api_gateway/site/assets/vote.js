/* The field that finds a party or a legislator among the votes of one voting. Without scripts the lists are whole. */
(() => {
  'use strict';
  const list = document.getElementById('parties');
  const box = document.getElementById('find');
  if (!list || !box) return;
  const field = box.querySelector('input');
  const found = document.getElementById('found');
  const plain = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const parties = [...list.children].map((item) => ({
    item,
    details: item.querySelector('details'),
    name: plain(item.querySelector('summary b').textContent),
    groups: [...item.querySelectorAll('.names')].map((names) => ({
      parts: [names, names.previousElementSibling],
      members: [...names.children].map((node) => ({ node, text: plain(node.textContent) })),
    })),
  }));
  function show(wanted) {
    let count = 0;
    for (const party of parties) {
      const whole = !wanted || party.name.startsWith(wanted);
      let any = whole;
      for (const group of party.groups) {
        let some = false;
        for (const { node, text } of group.members) {
          const hit = whole || text.includes(wanted);
          node.hidden = !hit;
          if (hit) { some = true; if (wanted) count += 1; }
        }
        for (const part of group.parts) part.hidden = !some;
        any = any || some;
      }
      party.item.hidden = !any;
      party.details.open = Boolean(wanted) && any;
    }
    found.textContent = wanted ? field.dataset.found.replace('{n}', count) : '';
  }
  box.classList.add('on');
  let timer;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(plain(field.value.trim())), 120);
  });
})();
