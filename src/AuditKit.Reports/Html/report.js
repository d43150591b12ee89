// Filters and sorts. Everything can be read without it; without it the controls stay hidden.
document.querySelectorAll('form[data-filter]').forEach(form => {
  const target = document.getElementById(form.dataset.filter);
  const items = [...target.querySelectorAll('.item')];
  const selects = [...form.querySelectorAll('select')];
  const search = form.querySelector('input');
  const shown = form.querySelector('.shown');
  const apply = () => {
    const word = search ? search.value.trim().toLowerCase() : '';
    items.forEach(item => {
      const fits = selects.every(select => select.value === '' ? true : item.dataset[select.dataset.field] === select.value);
      item.hidden = fits ? !item.textContent.toLowerCase().includes(word) : true;
    });
    shown.textContent = items.filter(item => !item.hidden).length + ' of ' + items.length + ' shown';
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', event => event.preventDefault());
  form.hidden = false;
  apply();
});

document.querySelectorAll('table[data-sortable]').forEach(table => {
  const body = table.tBodies[0];
  const heads = [...table.querySelectorAll('th[data-sort]')];
  const value = (row, key) => row.dataset[key] === '' ? Infinity : Number(row.dataset[key]);
  heads.forEach(head => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const rows = [...body.rows].sort((a, b) => {
        const [x, y] = [value(a, head.dataset.sort), value(b, head.dataset.sort)];
        const order = x === y ? a.dataset.index - b.dataset.index : x === Infinity ? 1 : y === Infinity ? -1 : down ? y - x : x - y;
        return order;
      });
      rows.forEach(row => body.append(row));
    });
    head.replaceChildren(button);
  });
});
