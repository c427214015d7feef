// The review page in a real browser: what is clicked is lit on both sides, at the right place of the printed page.
//
//   node tests/browser/review.mjs YUSUAN [--amounts=N] [--screens=DIR] [PDF …]
//
// YUSUAN is the program. Without PDFs those of `samples` are taken. Needs playwright-core and a Chromium: CHROMIUM names
// one, else the usual places are looked at. Ends with 0 where all holds, 1 where it does not, 77 where there is no browser.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const SKIPPED = 77;
// points by which a box and the text in it may differ
const SLACK = 2;

const args = process.argv.slice(2);
const option = (name, other) => args.find((a) => a.startsWith(`--${name}=`))?.split("=")[1] ?? other;
const [program, ...given] = args.filter((a) => !a.startsWith("--"));
const amounts = Number(option("amounts", "40"));
const screens = option("screens", "");
const chromium = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((path) => path && existsSync(path));
let playwright;
try {
  // beside this script, or in the folder that the caller works in
  playwright = createRequire(import.meta.url)("playwright-core");
} catch {
  try { playwright = createRequire(join(process.cwd(), "x.js"))("playwright-core"); } catch { /* said below */ }
}
if (!program || !chromium || !playwright) {
  console.log(`skipped: no ${!program ? "program" : !chromium ? "Chromium" : "playwright-core"}`);
  process.exit(SKIPPED);
}
const pdfs = given.length ? given : readdirSync("samples").filter((f) => f.endsWith(".pdf")).map((f) => join("samples", f));
const folder = mkdtempSync(join(tmpdir(), "yusuan-view-"));
const run = (...command) => execFileSync(program, command, { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "inherit"] });

let failed = 0;
const check = (holds, what) => {
  if (!holds) {
    failed += 1;
    console.log(`FAILED: ${what}`);
  }
};
// the same amounts in every run
let seed = 20;
const random = (n) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return Math.floor((seed / 2147483648) * n);
};

const browser = await playwright.chromium.launch({
  executablePath: chromium,
  headless: true,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const open = async (file, { width = 1400, scheme = "light", hash = "" } = {}) => {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  page.on("pageerror", (error) => check(false, `${basename(file)}: ${error.message}`));
  page.on("console", (message) => check(message.type() !== "error", `${basename(file)}: ${message.text()}`));
  page.on("request", (request) => check(/^(file|blob|data):/.test(request.url()), `a request for ${request.url()}`));
  await page.goto(pathToFileURL(file).href + hash);
  return page;
};
// the lit box in points of the page, as it stands on the screen
const lit = (page) => page.evaluate(() => {
  const box = document.querySelector(".over rect.lit");
  if (!box) return null;
  const over = box.closest(".over"), [b, o] = [box.getBoundingClientRect(), over.getBoundingClientRect()];
  const { width, height } = over.viewBox.baseVal;
  const [fx, fy] = [width / o.width, height / o.height];
  const at = [(b.left - o.left) * fx, (b.top - o.top) * fy, (b.right - o.left) * fx, (b.bottom - o.top) * fy];
  const column = document.querySelector("#left").getBoundingClientRect();
  return {
    page: Number(box.closest(".page").dataset.n), at,
    seen: b.top >= column.top - 1 && b.bottom <= column.bottom + 1,
    cell: document.querySelector(".right .lit")?.id, hash: decodeURIComponent(location.hash.slice(1)),
  };
});

// a number without what groups its digits
const bare = (text) => text.replace(/[\s,，]/g, "");
// words of the pages with their boxes: those of poppler, which reads them apart from us, else those of our grids
const words = (pdf) => {
  const found = [];
  try {
    const html = execFileSync("pdftotext", ["-bbox", "-cropbox", pdf, "-"], { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"] }).toString();
    html.split("<page ").slice(1).forEach((page, i) => {
      for (const [, x0, y0, x1, y1, text] of page.matchAll(/xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</g)) {
        found.push({ page: i + 1, at: [x0, y0, x1, y1].map(Number), text });
      }
    });
    return { found, by: "pdftotext" };
  } catch {
    for (const grid of JSON.parse(run("grid", pdf, "--format", "json"))) {
      for (const cell of grid.cells) found.push({ page: grid.page, at: cell.bbox, text: cell.text });
    }
    return { found, by: "grid" };
  }
};
// whether the box holds the text: of words that begin or end in it, since a word may be longer than the amount
const holds = (box, text, { found, by }) => {
  const [x0, y0, x1, y1] = box.at;
  const inside = found.filter(({ page, at: [a0, b0, a1, b1] }) => page === box.page
    && Math.min(a1, x1 + SLACK) > Math.max(a0, x0 - SLACK)
    && (by === "grid" || ((b0 + b1) / 2 > y0 - SLACK && (b0 + b1) / 2 < y1 + SLACK))
    && (by !== "grid" || ((y0 + y1) / 2 > b0 && (y0 + y1) / 2 < b1)));
  return bare(inside.map((w) => w.text).join("")).includes(bare(text));
};

try {
  run("view", ...pdfs, "-o", folder, "--lang", "zh", "--quiet");
  const index = await open(join(folder, "index.html"));
  const rows = await index.$$eval("#list tbody tr", (all) => all.length);
  check(rows === pdfs.length, `${rows} rows in the index of ${pdfs.length} documents`);
  await index.fill("#search", "no such department");
  check(await index.isVisible("#none"), "the index says that nothing matches");
  await index.close();

  let [tried, right] = [0, 0];
  for (const pdf of pdfs) {
    const file = join(folder, basename(pdf).replace(/\.pdf$/i, ".html"));
    const printed = words(pdf);
    const page = await open(file);
    const cells = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent).c
      .map((c) => ({ anchor: c[0], page: c[1], text: c[8] })));
    const shown = new Set(await page.$$eval(".right [data-c][id]", (all) => all.map((el) => el.id)));
    const clickable = cells.filter((c) => shown.has(c.anchor) && c.text);
    for (let n = 0; n < Math.ceil(amounts / pdfs.length) && clickable.length; n += 1) {
      const cell = clickable[random(clickable.length)];
      tried += 1;
      await page.locator(`[id="${cell.anchor}"]`).click();
      const box = await lit(page);
      const good = box && box.page === cell.page && box.seen && box.cell === cell.anchor && box.hash === cell.anchor
        && holds(box, cell.text, printed);
      right += Boolean(good);
      check(good, `${basename(pdf)} ${cell.anchor} “${cell.text}”: ${JSON.stringify(box)}`);
    }
    // the other way round: a box on the page lights its amount
    const box = page.locator(".over rect.s-proved").first();
    if (await box.count()) {
      const c = await box.getAttribute("data-c");
      await box.dispatchEvent("click");
      check((await page.locator(`.right [data-c="${c}"].lit`).count()) === 1, `${basename(pdf)}: a box lights its amount`);
    }
    // keys
    const open_ = await page.$$eval(".findings li", (all) => all.length);
    await page.keyboard.press("n");
    check(!open_ || (await page.locator(".findings li.cur").count()) === 1, `${basename(pdf)}: n goes to a finding`);
    await page.keyboard.press("?");
    check(await page.isVisible("#help"), `${basename(pdf)}: ? shows the help`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("f");
    await page.keyboard.press("f");
    const proved = await page.locator(".right td.s-proved:visible").count();
    check(proved === 0 || (await page.locator(".right tr.broke").count()) > 0, `${basename(pdf)}: only what does not fit is shown`);
    await page.close();
    // a link that a story cites
    if (clickable.length) {
      const cited = clickable[random(clickable.length)];
      const linked = await open(file, { hash: "#" + encodeURIComponent(cited.anchor) });
      check((await lit(linked))?.cell === cited.anchor, `${basename(pdf)}: #${cited.anchor} is lit when it is opened`);
      await linked.waitForFunction(() => document.querySelector(".paper img")?.naturalWidth > 0);
      await linked.close();
    }
    console.log(`${basename(pdf)}: ${Math.round(statSync(file).size / 1024)} KB, checked against ${printed.by}`);
    if (screens) {
      mkdirSync(screens, { recursive: true });
      for (const width of [1400, 800]) {
        for (const scheme of ["light", "dark"]) {
          const seen = await open(file, { width, scheme });
          if (clickable.length) await seen.locator(`[id="${clickable[0].anchor}"]`).click();
          await seen.waitForTimeout(800);
          await seen.screenshot({ path: join(screens, `${basename(pdf, ".pdf")}-${width}-${scheme}.png`) });
          await seen.close();
        }
      }
    }
  }
  console.log(`${right} of ${tried} random amounts are lit where they are printed`);

  // an index of a thousand documents
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const row = html.match(/<tr data-s=.*?<\/tr>/s)[0];
  const many = join(folder, "many.html");
  (await import("node:fs")).writeFileSync(many, html.replace(row, row.repeat(1000)));
  const large = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const session = await large.context().newCDPSession(large);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await large.goto(pathToFileURL(many).href);
  await large.waitForFunction(() => document.getElementById("count").textContent !== "");
  const { metrics } = await session.send("Performance.getMetrics");
  const took = Math.round(1000 * metrics.find((m) => m.name === "TaskDuration").value);

  const sorting = Date.now();
  await large.click("#list thead th:nth-child(5) button");
  console.log(`index of 1,000 rows: ${took} ms of the processor to open, ${Date.now() - sorting} ms to sort`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
if (failed) console.log(`${failed} checks failed`);
process.exit(failed ? 1 : 0);
