"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const body = $("list").tBodies[0];
  const rows = Array.from(body.rows, (tr) => ({
    tr, text: (tr.cells[0].textContent + " " + tr.cells[9].textContent).toLowerCase(),
    status: tr.dataset.s, wrong: tr.cells[7].dataset.k !== "0" || tr.cells[8].dataset.k !== "0",
  }));
  const filter = () => {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = $("status").value, wrong = $("wrong").checked;
    let shown = 0;
    for (const row of rows) {
      const is = (!status || row.status === status) && (!wrong || row.wrong) && words.every((w) => row.text.includes(w));
      row.tr.hidden = !is;
      shown += is;
    }
    $("count").textContent = shown + " / " + rows.length;
    $("none").hidden = shown > 0;
  };
  const key = (tr, i, number) => {
    const cell = tr.cells[i], text = cell.dataset.k || cell.textContent;
    return number ? (text === "" ? -Infinity : Number(text)) : text;
  };
  Array.from($("list").tHead.rows[0].cells, (th, i) => th.addEventListener("click", () => {
    const down = th.getAttribute("aria-sort") === "ascending";
    const number = th.classList.contains("n");
    const order = new Intl.Collator(document.documentElement.lang);
    const keyed = rows.map((row) => [key(row.tr, i, number), row]);
    keyed.sort(([a], [b]) => (number ? a - b : order.compare(a, b)) * (down ? -1 : 1));
    for (const other of $("list").tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...keyed.map(([, row]) => row.tr));
  }));
  for (const id of ["search", "status", "wrong"]) $(id).addEventListener("input", filter);
  filter();
})();
