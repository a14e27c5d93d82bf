"use strict";
(() => {
const zh = document.documentElement.lang.startsWith("zh");
const say = (en, cn) => zh ? cn : en;
const byId = id => document.getElementById(id);
const make = (tag, text, parent) => { const e = document.createElement(tag); if (text) e.textContent = text; if (parent) parent.append(e); return e; };

// Packed data: base64 of a zlib stream.
async function unpack(id) {
  const bytes = Uint8Array.from(atob(byId(id).textContent), c => c.charCodeAt(0));
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
  const { head, rows } = await sheet(details.dataset.sheet);
  const box = details.querySelector("div");
  const tools = make("div", "", box); tools.className = "filter";
  const label = make("label", say("Filter ", "筛选 "), tools);
  const input = make("input", "", label); input.type = "search";
  const count = make("span", "", tools); count.setAttribute("aria-live", "polite");
  const all = make("button", say("Show all rows", "显示全部行"), tools); all.type = "button";
  const scroll = make("div", "", box); scroll.className = "scroll"; scroll.tabIndex = 0;
  scroll.setAttribute("role", "region"); scroll.setAttribute("aria-label", details.closest("section").querySelector("h2").textContent);
  const table = make("table", "", scroll), line = make("tr", "", make("thead", "", table)), body = make("tbody", "", table);
  const numeric = head.map((_, c) => rows.some(r => r[c] !== "") && rows.every(r => r[c] === "" || isNumber(r[c])));
  let order = null, down = false, limit = MOST;
  const heads = head.map((name, c) => {
    const th = make("th", "", line); th.scope = "col";
    const button = make("button", name, th); button.type = "button";
    button.onclick = () => { down = order === c ? !down : numeric[c]; order = c; fill(); };
    return th;
  });
  function fill() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let some = rows.filter(r => { const t = r.join(" ").toLowerCase(); return words.every(w => t.includes(w)); });
    if (order !== null) {
      const key = numeric[order] ? (a, b) => (a[order] === "" ? -Infinity : +a[order]) - (b[order] === "" ? -Infinity : +b[order]) : (a, b) => a[order].localeCompare(b[order]);
      some = [...some].sort((a, b) => down ? key(b, a) : key(a, b));
    }
    heads.forEach((th, c) => {
      th.setAttribute("aria-sort", order !== c ? "none" : down ? "descending" : "ascending");
      th.firstChild.textContent = head[c] + (order !== c ? "" : down ? " ↓" : " ↑");
    });
    const shown = some.slice(0, limit);
    body.replaceChildren(...shown.map(r => {
      const tr = document.createElement("tr");
      r.forEach((v, c) => { const td = make("td", short(v), tr); if (numeric[c]) td.className = "n"; });
      return tr;
    }));
    count.textContent = say(`${shown.length} of ${some.length} rows`, `${some.length} 行中的 ${shown.length} 行`);
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

// What is under the pointer in a chart with a calendar.
const tip = byId("tip");
const hide = () => { tip.hidden = true; };
function place(event) {
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const x = event.clientX + 16 + width > innerWidth ? event.clientX - 16 - width : event.clientX + 16;
  tip.style.left = Math.max(4, x) + "px";
  tip.style.top = Math.max(4, Math.min(event.clientY + 12, innerHeight - height - 4)) + "px";
}
for (const chart of document.querySelectorAll(".chart[data-frames]")) {
  const frames = JSON.parse(chart.dataset.frames || "[]"), svg = chart.querySelector("svg");
  if (!frames.length || !svg) continue;
  const id = chart.closest("section").id;
  chart.addEventListener("pointerleave", hide);
  chart.addEventListener("pointermove", async event => {
    const box = svg.getBoundingClientRect(), unit = svg.viewBox.baseVal.width / 10 / box.width;
    const x = (event.clientX - box.left) * unit, y = (event.clientY - box.top) * unit;
    const frame = frames.find(f => x >= f.left && x <= f.right && y >= f.top && y <= f.bottom);
    if (!frame) return hide();
    const at = frame.from + (x - frame.left) / (frame.right - frame.left) * (frame.to - frame.from);
    const { head, rows } = await sheet(id);
    const time = head.findIndex(h => h === "month" || h === "year");
    if (time < 0) return;
    const keys = frame.key ? frame.key.split("|") : null;
    const when = v => { const [y, m] = v.split("-"); return +y + ((m || 1) - 1) / 12; };
    let best = null;
    for (const r of rows) if ((!keys || r.some(v => keys.includes(v))) && (best === null || Math.abs(when(r[time]) - at) < Math.abs(when(best) - at))) best = r[time];
    if (best === null) return hide();
    const numbers = head.map((_, c) => c).filter(c => c !== time && rows.every(r => r[c] === "" || isNumber(r[c])));
    const lines = rows.filter(r => r[time] === best && (!keys || r.some(v => keys.includes(v)))).map(r => {
      const name = head.map((_, c) => r[c]).filter((v, c) => c !== time && !numbers.includes(c)).join(" · ");
      const [v, low, high] = numbers.map(c => short(r[c]));
      return (name ? name + ": " : "") + v + (low !== undefined && low !== "" ? ` (${low} ${say("to", "至")} ${high})` : "");
    });
    tip.textContent = [best, ...lines.slice(0, 14)].join("\n");
    place(event);
  });
}
window.pointplane = { say, byId, make, unpack, short, tip, place, hide };
})();
