"use strict";
(() => {
const byId = id => document.getElementById(id);
// What is said, in the language of the page, with names in braces for what is filled in.
const words = JSON.parse(byId("words").textContent);
const say = (id, values = {}) => words[id].replace(/\{(\w+)\}/g, (name, key) => values[key] ?? name);
const make = (tag, text, parent) => { const e = document.createElement(tag); if (text) e.textContent = text; if (parent) parent.append(e); return e; };

// Packed data: base64 of a zlib stream.
const unpack = id => inflate(byId(id).textContent);
async function inflate(packed) {
  const bytes = Uint8Array.from(atob(packed), c => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
const texts = new Map(), sheets = new Map();
function text(id) {
  if (!texts.has(id)) texts.set(id, unpack("data-" + id).then(b => new TextDecoder().decode(b)));
  return texts.get(id);
}
// RFC 4180.
function parse(csv) {
  const rows = []; let row = [], cell = "", quoted = false;
  for (let i = 0; i < csv.length; i++) {
    const c = csv[i];
    if (quoted) { if (c !== '"') cell += c; else if (csv[i + 1] === '"') { cell += c; i++; } else quoted = false; }
    else if (c === '"') quoted = true;
    else if (c === ",") { row.push(cell); cell = ""; }
    else if (c === "\n") { row.push(cell); rows.push(row); row = []; cell = ""; }
    else if (c !== "\r") cell += c;
  }
  if (cell || row.length) { row.push(cell); rows.push(row); }
  return { head: rows[0] || [], rows: rows.slice(1) };
}
function sheet(id) {
  if (!sheets.has(id)) sheets.set(id, text(id).then(parse));
  return sheets.get(id);
}
const isNumber = v => v !== "" && !isNaN(v);
function short(v) {
  if (!isNumber(v)) return v;
  const n = +v;
  return (Number.isInteger(n) ? String(n) : String(+n.toPrecision(4))).replace("-", "−");
}

// Downloads.
function save(name, blob) {
  const a = make("a"); a.href = URL.createObjectURL(blob); a.download = name;
  document.body.append(a); a.click(); a.remove();
  setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}
const stem = (document.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "report").toLowerCase();
document.addEventListener("click", async event => {
  const button = event.target.closest("button");
  if (!button) return;
  const { csv, svg, png } = button.dataset;
  if (csv) {
    const data = await text(csv);
    // Spreadsheets take text for another encoding unless a mark says it is UTF-8.
    const mark = /[^\x00-\x7f]/.test(data) ? "\ufeff" : "";
    save(`${stem}-${csv}.csv`, new Blob([mark + data], { type: "text/csv;charset=utf-8" }));
  } else if (svg) {
    const picture = byId(svg).querySelector(".wide svg").cloneNode(true);
    picture.setAttribute("width", "174mm");
    save(`${stem}-${svg}.svg`, new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" }));
  } else if (png) {
    const canvas = document.querySelector("#map-panes canvas");
    if (canvas) canvas.toBlob(blob => save(`${stem}-map.png`, blob));
  }
});

// Tables that sort and filter.
const MOST = 400;
async function show(details) {
  if (details.dataset.done) return;
  details.dataset.done = "1";
  const whole = await sheet(details.dataset.sheet);
  // A column in which nothing stands is in the file only.
  const some = whole.head.map((_, c) => c).filter(c => !whole.rows.length || whole.rows.some(r => r[c] !== ""));
  const head = some.map(c => whole.head[c]), rows = whole.rows.map(r => some.map(c => r[c]));
  const box = details.querySelector("div");
  const tools = make("div", "", box); tools.className = "filter";
  const label = make("label", say("script-filter") + " ", tools);
  const input = make("input", "", label); input.type = "search";
  const count = make("span", "", tools); count.setAttribute("aria-live", "polite");
  const all = make("button", say("script-all-rows"), tools); all.type = "button";
  const scroll = make("div", "", box); scroll.className = "scroll"; scroll.tabIndex = 0;
  scroll.setAttribute("role", "region"); scroll.setAttribute("aria-label", details.closest("section").querySelector("h2").textContent);
  const table = make("table", "", scroll), line = make("tr", "", make("thead", "", table)), body = make("tbody", "", table);
  // Columns and outcomes by their words; the file keeps their names.
  const title = name => words["script-column-" + name] || (/^[a-z0-9_]+$/.test(name) ? name.replaceAll("_", " ") : name);
  const outcomes = head.map(name => name === "outcome" || name === "measure");
  const numeric = head.map((_, c) => rows.some(r => r[c] !== "") && rows.every(r => r[c] === "" || isNumber(r[c])));
  let order = null, down = false, limit = MOST;
  const heads = head.map((name, c) => {
    const th = make("th", "", line); th.scope = "col";
    const button = make("button", title(name), th); button.type = "button"; button.title = name;
    button.onclick = () => { down = order === c ? !down : numeric[c]; order = c; fill(); };
    return th;
  });
  function fill() {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let some = rows.filter(r => { const t = r.join(" ").toLowerCase(); return wanted.every(w => t.includes(w)); });
    if (order !== null) {
      const key = numeric[order] ? (a, b) => (a[order] === "" ? -Infinity : +a[order]) - (b[order] === "" ? -Infinity : +b[order]) : (a, b) => a[order].localeCompare(b[order]);
      some = [...some].sort((a, b) => down ? key(b, a) : key(a, b));
    }
    heads.forEach((th, c) => {
      th.setAttribute("aria-sort", order !== c ? "none" : down ? "descending" : "ascending");
      th.firstChild.textContent = title(head[c]) + (order !== c ? "" : down ? " ↓" : " ↑");
    });
    const shown = some.slice(0, limit);
    body.replaceChildren(...shown.map(r => {
      const tr = document.createElement("tr");
      r.forEach((v, c) => { const td = make("td", outcomes[c] && words["outcome-" + v] || short(v), tr); if (numeric[c]) td.className = "n"; });
      return tr;
    }));
    count.textContent = say("script-rows", { shown: shown.length, all: some.length });
    all.hidden = shown.length === some.length;
  }
  input.oninput = fill;
  all.onclick = () => { limit = Infinity; fill(); };
  fill();
}
for (const details of document.querySelectorAll(".sheet")) {
  details.addEventListener("toggle", () => { if (details.open) show(details); });
  if (details.open) show(details);
}

// What is under the pointer, or under the mark that arrow keys move.
const tip = byId("tip"), spot = byId("spot");
let shownIn = null, quiet = 0;
const hide = () => { tip.hidden = spot.hidden = true; shownIn = null; };
function place(event) {
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const x = event.clientX + 16 + width > innerWidth ? event.clientX - 16 - width : event.clientX + 16;
  tip.style.left = Math.max(4, x) + "px";
  tip.style.top = Math.max(4, Math.min(event.clientY + 12, innerHeight - height - 4)) + "px";
}
// A key may scroll to the mark that it moves to.
addEventListener("scroll", () => { if (performance.now() > quiet) hide(); }, { passive: true });
addEventListener("pointerdown", event => { if (shownIn && !shownIn.contains(event.target)) hide(); });
addEventListener("keydown", event => { if (event.key === "Escape") hide(); });

// The rows of a panel with a calendar that are nearest to a place in it.
async function ofMonth(id, frame, x) {
  const at = frame.from + (x - frame.left) / (frame.right - frame.left) * (frame.to - frame.from);
  const { head, rows } = await sheet(id);
  const time = head.findIndex(h => h === "month" || h === "year");
  if (time < 0) return null;
  const keys = frame.key ? frame.key.split("|") : null;
  const when = v => { const [y, m] = v.split("-"); return +y + ((m || 1) - 1) / 12; };
  let best = null;
  for (const r of rows) if ((!keys || r.some(v => keys.includes(v))) && (best === null || Math.abs(when(r[time]) - at) < Math.abs(when(best) - at))) best = r[time];
  if (best === null) return null;
  const numbers = head.map((_, c) => c).filter(c => c !== time && rows.every(r => r[c] === "" || isNumber(r[c])));
  const lines = rows.filter(r => r[time] === best && (!keys || r.some(v => keys.includes(v)))).map(r => {
    const name = head.map((_, c) => r[c]).filter((v, c) => c !== time && !numbers.includes(c)).join(" · ");
    const [v, low, high] = numbers.map(c => short(r[c]));
    return (name ? name + ": " : "") + v + (low !== undefined && low !== "" ? ` [${low}, ${high}]` : "");
  });
  return [best, ...lines.slice(0, 14)].join("\n");
}

for (const chart of document.querySelectorAll(".chart")) {
  const frames = JSON.parse(chart.dataset.frames || "[]"), svg = chart.querySelector("svg");
  if (!svg) continue;
  const id = chart.closest("section").id;
  let spots = null, turn = 0, key = -1;
  const load = async () => spots = spots || (chart.dataset.spots ? JSON.parse(new TextDecoder().decode(await inflate(chart.dataset.spots))) : []);
  // Points of the drawing in one pixel, and where it begins.
  const scale = () => { const box = svg.getBoundingClientRect(); return { box, unit: svg.viewBox.baseVal.width / 10 / box.width }; };
  function outline([left, top, right, bottom]) {
    const { box, unit } = scale();
    spot.hidden = false;
    spot.style.left = box.left + left / unit - 2 + "px"; spot.style.top = box.top + top / unit - 2 + "px";
    spot.style.width = (right - left) / unit + 4 + "px"; spot.style.height = (bottom - top) / unit + 4 + "px";
  }
  async function show(event) {
    const mine = ++turn, { box, unit } = scale();
    const x = (event.clientX - box.left) * unit, y = (event.clientY - box.top) * unit;
    const frame = frames.find(f => x >= f.left && x <= f.right && y >= f.top && y <= f.bottom);
    let words = null, at = null;
    if (frame) words = await ofMonth(id, frame, x);
    else {
      // A finger is broader than a mouse.
      let least = event.pointerType === "touch" ? 22 * unit : 8 * unit;
      for (const [left, top, right, bottom, told] of await load()) {
        const far = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
        const middle = Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y) / 1e4;
        if (far + middle < least) { least = far + middle; words = told; at = [left, top, right, bottom]; }
      }
    }
    // A later move has overtaken this one.
    if (mine !== turn) return;
    if (words === null) return hide();
    shownIn = chart; tip.textContent = words; place(event);
    if (at) outline(at); else spot.hidden = true;
    return words;
  }
  const leave = () => { turn++; hide(); };
  chart.addEventListener("pointermove", show);
  chart.addEventListener("pointerdown", show);
  chart.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") leave(); });
  chart.addEventListener("blur", leave);
  chart.addEventListener("keydown", async event => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    if (!frames.length && !chart.dataset.spots) return;
    event.preventDefault();
    const years = f => Math.max(1, Math.round(f.to - f.from));
    const stops = frames.flatMap(f => Array.from({ length: years(f) + 1 }, (_, n) => {
      const x = f.left + (f.right - f.left) * Math.min(0.999, Math.max(0.001, n / years(f))); return [x, f.top, x, f.bottom];
    })).concat(await load());
    if (!stops.length) return;
    // Up and down go to the next panel of a calendar, or to the next mark.
    const far = frames.length && /Up|Down/.test(event.key) ? years(frames[0]) + 1 : 1;
    key = key < 0 ? 0 : (key + step * far + stops.length * far) % stops.length;
    const [left, top, right, bottom] = stops[key];
    const { unit } = scale();
    const height = svg.getBoundingClientRect().top + top / unit;
    quiet = performance.now() + 300;
    if (height < 60 || height > innerHeight - 60) scrollBy({ top: height - innerHeight / 2, behavior: "instant" });
    const { box } = scale();
    const words = await show({ clientX: box.left + (left + right) / 2 / unit, clientY: box.top + (top + bottom) / 2 / unit, pointerType: "key" });
    if (!words) return;
    outline([left, top, right, bottom]);
    byId("told").textContent = words;
  });
}
// A card with words beside a pointer, or beside a place of something.
function card(words, event, owner) { shownIn = owner; spot.hidden = true; tip.textContent = words; place(event); }
window.pointplane = { say, byId, make, unpack, short, card, hide };
})();
