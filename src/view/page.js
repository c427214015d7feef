"use strict";
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const [ANCHOR, PAGE, BOX, STATE, TABLE, ROW, COLUMN, VALUE, TEXT, UNIT, , SECOND] = Array(12).keys();
  const STATES = ["proved", "rounded", "unproved", "broken", "unplaced"];
  const SVG = "http://www.w3.org/2000/svg";
  // points around an amount that its box shows
  const MARGIN = 1.5;
  // terms of one identity, and identities of one amount, that are shown
  const MOST_TERMS = 40, MOST_SUMS = 60;
  // pages that are unpacked without being asked for, so that they print
  const MOST_PAGES = 80;
  const $ = (id) => document.getElementById(id);
  const w = (key) => D.w[key] || key;
  const fill = (key, ...with_) => with_.reduce((text, value) => text.replace("{}", value), w(key));
  const make = (tag, name, ...inside) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...inside);
    return made;
  };
  const byAnchor = new Map(D.c.map((cell, i) => [cell[ANCHOR], i]));
  const sumsOf = new Map();
  D.e.forEach((sum, i) => {
    for (const c of new Set([...sum[5], ...sum[6]].map((t) => t >> 1))) {
      if (!sumsOf.has(c)) sumsOf.set(c, []);
      sumsOf.get(c).push(i);
    }
  });

  // pages: boxes of their amounts, and their pictures when they come near
  const pages = new Map(Array.from(document.querySelectorAll(".page"), (el) => [Number(el.dataset.n), el]));
  const boxes = new Map();
  const rect = (over, [x0, y0, x1, y1], name, margin) => {
    const box = document.createElementNS(SVG, "rect");
    box.setAttribute("x", x0 - margin);
    box.setAttribute("y", y0 - margin);
    box.setAttribute("width", Math.max(x1 - x0, 1) + 2 * margin);
    box.setAttribute("height", Math.max(y1 - y0, 1) + 2 * margin);
    box.setAttribute("class", name);
    over.append(box);
    return box;
  };
  const area = (b) => (b[2] - b[0]) * (b[3] - b[1]);
  // larger boxes below smaller ones, so that each can be reached
  D.c.map((cell, i) => i).sort((a, b) => area(D.c[b][BOX]) - area(D.c[a][BOX])).forEach((i) => {
    const cell = D.c[i], page = pages.get(cell[PAGE]);
    if (!page) return;
    const name = "s-" + STATES[cell[STATE]] + (cell[VALUE] === "" ? " blank" : "");
    const box = rect(page.querySelector(".over"), cell[BOX], name, MARGIN);
    box.dataset.c = i;
    boxes.set(i, box);
  });
  const inflate = async (el) => {
    const bytes = Uint8Array.from(atob(el.textContent), (c) => c.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(plain).text();
  };
  // outlines of glyphs, which all pages share
  let outlines;
  const load = async (page) => {
    const packed = $("z" + page.dataset.n);
    if (!packed || page.dataset.drawn) return;
    page.dataset.drawn = "1";
    try {
      outlines ||= inflate($("outlines")).then((text) => text.split("\n"));
      const shared = await outlines;
      const text = (await inflate(packed)).replace(/ d="@(\d+)"/g, (_, n) => ` d="${shared[n]}"`);
      const svg = new Blob([text], { type: "image/svg+xml" });
      const img = make("img");
      img.alt = page.querySelector("figcaption").textContent;
      img.src = URL.createObjectURL(svg);
      page.querySelector(".paper").prepend(img);
      packed.remove();
      await img.decode().catch(() => {});
    } catch {
      page.querySelector("figcaption").after(make("p", "alarm", w("no_inflate")));
    }
  };
  const near = new IntersectionObserver((seen) => {
    for (const one of seen) if (one.isIntersecting) { near.unobserve(one.target); load(one.target); }
  }, { rootMargin: "1200px" });
  pages.forEach((page) => near.observe(page));
  const loadAll = async () => { for (const page of pages.values()) await load(page); };
  if (pages.size <= MOST_PAGES) addEventListener("load", () => setTimeout(loadAll, 300));

  // what stands on both sides is lit together
  const place = (i) => $(D.c[i][ANCHOR]);
  const both = (i) => [boxes.get(i), place(i)].filter(Boolean);
  const clear = (name) => document.querySelectorAll("." + name).forEach((el) => el.classList.remove(name));
  const narrow = matchMedia("(max-width:980px)");
  let pinned = -1;
  const show = (el, smooth) => el && el.scrollIntoView({ block: "center", inline: "nearest", behavior: smooth ? "smooth" : "auto" });
  const areas = () => document.querySelectorAll(".over .area").forEach((el) => el.remove());
  const citation = (anchor) => location.href.split("#")[0] + "#" + encodeURIComponent(anchor);
  const note = (anchor) => {
    try { history.replaceState(null, "", "#" + encodeURIComponent(anchor)); } catch { /* a page without an address */ }
  };
  const hover = (i) => {
    clear("hot");
    if (i >= 0) both(i).forEach((el) => el.classList.add("hot"));
    panel(i >= 0 ? i : pinned);
  };
  const select = (i, { from = null, quiet = false } = {}) => {
    clear("lit");
    areas();
    pinned = i;
    if (i < 0) return panel(-1);
    both(i).forEach((el) => el.classList.add("lit"));
    const box = boxes.get(i);
    if (box) { box.parentNode.append(box); load(box.closest(".page")); }
    if (from !== "left") show(box || pages.get(D.c[i][PAGE]));
    // one column: the panel may cover what was clicked
    if (from !== "right" || narrow.matches) {
      const at = place(i), folded = at && at.closest("details");
      if (folded) folded.open = true;
      show(at);
    }
    if (!quiet) note(D.c[i][ANCHOR]);
    panel(i);
  };
  const frame = (page, box) => {
    clear("lit");
    areas();
    pinned = -1;
    const at = pages.get(page);
    if (!at) return;
    load(at);
    show(box ? rect(at.querySelector(".over"), box, "area", 2) : at);
  };
  const boxOf = (el) => {
    const [page, ...box] = el.dataset.m.split(" ").map(Number);
    return [page, box];
  };

  // the panel of an amount
  const named = (i) => {
    const c = D.c[i];
    return [D.t[c[TABLE]], c[ROW], c[COLUMN]].filter(Boolean).join(" · ");
  };
  const term = (t, first, self) => {
    const i = t >> 1, c = D.c[i];
    const sign = t & 1 ? " − " : first ? "" : " + ";
    const one = make("button", "term" + (i === self ? " self" : ""), c[VALUE] === "" ? w("blank") : c[VALUE], " ");
    one.append(make("small", "", named(i) + " · " + fill("page_short", c[PAGE])));
    one.type = "button";
    one.dataset.go = i;
    return [sign, one];
  };
  const side = (terms, self) => {
    const own = terms.findIndex((t) => t >> 1 === self);
    let shown = terms.slice(0, MOST_TERMS);
    if (own >= MOST_TERMS) shown = [...shown.slice(0, -1), terms[own]];
    const parts = shown.flatMap((t, n) => term(t, n === 0, self));
    if (shown.length < terms.length) parts.push(" " + fill("more_terms", terms.length));
    return parts.length ? parts : ["0"];
  };
  const sum = (s, self) => {
    const [rule, closes, proves, atMost, off, left, right] = s;
    const [id, sentence] = D.r[rule];
    const said = closes === 0 ? make("span", "yes", "✓ " + w("closes_exactly"))
      : closes === 1 ? make("span", "near", "≈ " + fill("closes_rounded", off))
      : make("span", "no", "✕ " + fill("closes_not", off));
    const head = make("p", "", said, " · ", sentence, " ");
    head.append(make("small", "where", id + (proves || closes === 2 ? "" : " · " + w("supports"))));
    const relation = closes === 2 ? " ≠ " : closes === 1 ? " ≈ " : atMost ? " ≤ " : " = ";
    return make("div", "sum", head, make("p", "eq", ...side(left, self), relation, ...side(right, self)));
  };
  let shownInPanel = -2;
  const panel = (i) => {
    if (i === shownInPanel) return;
    shownInPanel = i;
    const at = $("panel");
    if (i < 0) return at.replaceChildren(make("p", "hint", w("panel_hint")));
    const c = D.c[i], state = STATES[c[STATE]];
    const x = make("button", "x", "×");
    x.type = "button";
    x.title = w("close");
    x.dataset.close = "1";
    const list = make("dl");
    const row = (word, ...inside) => list.append(make("dt", "", w(word)), make("dd", "", ...inside));
    if (c[TEXT]) row("printed_text", "“" + c[TEXT] + "”" + (c[UNIT] ? " " + c[UNIT] : ""));
    row("place", fill("page", c[PAGE]));
    row("second", w(["second_none", "second_yes", "second_no"][c[SECOND]]));
    const copy = make("button", "", w("copy"));
    copy.type = "button";
    copy.dataset.copy = citation(c[ANCHOR]);
    row("link", make("span", "cite", make("code", "", "#" + c[ANCHOR]), copy));
    const order = (s) => (D.e[s][1] === 2 ? 0 : D.e[s][2] ? 1 : 2);
    const sums = [...(sumsOf.get(i) || [])].sort((a, b) => order(a) - order(b));
    const head = make("div", "", make("span", "big", c[VALUE] === "" ? w("blank") : c[VALUE]), make("span", "where", named(i)));
    const told = make("p", "s-" + state, w(state) + " · ", make("span", "where", w("about_" + state)));
    at.replaceChildren(x, head, told, list, ...sums.slice(0, MOST_SUMS).map((s) => sum(D.e[s], i)));
    if (!sums.length) at.append(make("p", "where", w("no_proofs")));
    at.scrollTop = 0;
  };

  // mouse
  const cellOf = (el) => {
    const at = el.closest && el.closest("[data-c]");
    return at ? [Number(at.dataset.c), at] : [-1, null];
  };
  let hovered = -1, pointer = "";
  document.addEventListener("mouseover", (event) => {
    // what moves below a mouse that stands still is not pointed at
    const stands = event.screenX + " " + event.screenY;
    if (stands === pointer) return;
    pointer = stands;
    const [i, at] = cellOf(event.target);
    if (i === hovered || (at && at.closest(".panel"))) return;
    hovered = i;
    hover(i);
  });
  document.addEventListener("click", (event) => {
    pointer = event.screenX + " " + event.screenY;
    const el = event.target;
    const go = el.closest("[data-go]");
    if (go) return select(Number(go.dataset.go));
    if (el.closest("[data-close]")) { select(-1); return; }
    const copy = el.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.textContent = w("copied"); }, () => prompt(w("link"), copy.dataset.copy));
      return;
    }
    const shown = el.closest("button[data-show]");
    if (shown) return filter(shown.dataset.show);
    const [i, at] = cellOf(el);
    if (i >= 0) {
      event.preventDefault();
      const from = at.closest(".left") ? "left" : at.classList.contains("at") ? null : at.closest(".right") ? "right" : null;
      return select(i, { from });
    }
    if (el.closest("a:not([data-m])") || el.closest("summary,button,dialog")) return;
    const framed = el.closest("[data-m]");
    if (framed && framed.closest(".right")) {
      event.preventDefault();
      frame(...boxOf(framed));
      panel(-1);
      if (framed.id) note(framed.id);
    }
  });

  // filters
  const FILTERS = ["all", "doubt", "broke"];
  const filter = (name) => {
    document.body.dataset.show = name;
    document.querySelectorAll("[data-show][aria-pressed]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.show === name)));
  };

  // keys
  const visible = (el) => el && el.getClientRects().length > 0;
  let finding = -1, unproved = -1;
  const nextFinding = (step) => {
    const grave = Array.from(document.querySelectorAll(".findings li:not(.f-info)"));
    const all = (grave.length ? grave : Array.from(document.querySelectorAll(".findings li"))).filter(visible);
    if (!all.length) return;
    finding = (finding + step + all.length) % all.length;
    const li = all[finding], link = li.querySelector(".at");
    clear("cur");
    if (link && link.dataset.c) select(Number(link.dataset.c), { from: "right", quiet: true });
    else if (link && link.dataset.m) frame(...boxOf(link));
    else if (link && /^#page-/.test(link.hash)) frame(Number(link.hash.slice(6)));
    li.classList.add("cur");
    show(li);
    note(li.id);
  };
  const nextUnproved = (step) => {
    const open = D.c.map((c, i) => i).filter((i) => D.c[i][VALUE] !== "" && [2, 4].includes(D.c[i][STATE]) && (boxes.has(i) || place(i)));
    if (!open.length) return;
    unproved = (unproved + step + open.length) % open.length;
    select(open[unproved]);
  };
  const turn = (step) => {
    const all = Array.from(pages.values()), left = $("left");
    const middle = left.getBoundingClientRect().top + 80;
    let at = all.findIndex((p) => p.getBoundingClientRect().bottom > middle);
    at = Math.min(all.length - 1, Math.max(0, (at < 0 ? all.length - 1 : at) + step));
    if (all[at]) { load(all[at]); all[at].scrollIntoView({ block: "start" }); }
  };
  const help = $("help");
  const ask = () => (help.open ? help.close() : help.showModal());
  $("ask").addEventListener("click", ask);
  $("shut").addEventListener("click", () => help.close());
  $("print").addEventListener("click", async () => { await loadAll(); print(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
    const back = event.shiftKey ? -1 : 1;
    switch (event.key) {
      case "n": case "N": nextFinding(back); break;
      case "u": case "U": nextUnproved(back); break;
      case "ArrowRight": turn(1); break;
      case "ArrowLeft": turn(-1); break;
      case "f": filter(FILTERS[(FILTERS.indexOf(document.body.dataset.show || "all") + 1) % 3]); break;
      case "?": ask(); break;
      case "Escape": clear("cur"); select(-1); break;
      case "Enter": {
        const [i, at] = cellOf(event.target);
        if (i < 0) return;
        select(i, { from: at.closest(".right") ? "right" : "left" });
        break;
      }
      default: return;
    }
    event.preventDefault();
  });

  // a cited amount
  const follow = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* as it stands */ }
    if (byAnchor.has(name)) return select(byAnchor.get(name), { quiet: true });
    const at = name && $(name);
    if (at && at.dataset.m) { frame(...boxOf(at)); show(at); }
  };
  addEventListener("hashchange", follow);
  filter("all");
  follow();
})();
