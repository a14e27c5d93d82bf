(() => {
const { say, byId, make, unpack, short, card, hide } = window.pointplane;
if (!byId("map-data") || !byId("map-box")) return;
const zh = document.documentElement.lang.startsWith("zh");
const SCALES = [say("script-none"), say("script-point"), say("script-line"), say("script-circle"), say("script-axis"), say("script-plane")];
// Viridis, and a scale from blue over white to orange, at even steps.
const VIRIDIS = [[68,1,84],[72,40,120],[62,74,137],[49,104,142],[38,130,142],[31,158,137],[53,183,121],[109,205,89],[180,222,44],[253,231,37]];
const SIGNED = [[0,114,178],[110,170,215],[200,215,225],[245,190,130],[213,94,0]];
const mix = (list, t) => {
  const x = Math.max(0, Math.min(1, t)) * (list.length - 1), i = Math.min(Math.floor(x), list.length - 2), f = x - i;
  return `rgb(${list[i].map((v, c) => Math.round(v + (list[i + 1][c] - v) * f))})`;
};

// From −1 to 1, by the square root, so that small differences are seen.
const signed = v => mix(SIGNED, 0.5 + Math.sign(v) * Math.sqrt(Math.min(1, Math.abs(v))) / 2);

unpack("map-data").then(start).catch(error => {
  byId("map-box").hidden = false;
  byId("map-place").textContent = say("script-map-broken", { why: error.message });
});

function start(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const d = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const base = 4 + Math.ceil(length / 4) * 4;
  const KINDS = { u8: Uint8Array, u16: Uint16Array, i16: Int16Array, u32: Uint32Array };
  const array = a => a && new KINDS[a.kind](buffer, base + a.at, a.n);
  const P = d.places, N = P.id.length, kind = array(P.kind);
  const name = i => (zh ? P.zh[i] || P.en[i] : P.en[i] || P.zh[i]) || P.id[i];
  const both = i => { const a = name(i), b = zh ? P.en[i] : P.zh[i]; return b && b !== a ? `${a} ${b}` : a; };
  const month = t => { const m = d.start[0] * 12 + d.start[1] - 1 + t; return `${Math.floor(m / 12)}-${String(m % 12 + 1).padStart(2, "0")}`; };
  const structure = s => s && { a: array(s.a), b: array(s.b), first: array(s.first), month: array(s.month), share: array(s.share), n: s.a.n };
  const views = d.views.map(v => ({
    name: v.name, kept: array(v.kept), stock: array(v.stock), scale: array(v.scale), sure: array(v.sure), open: array(v.open), close: array(v.close),
    lines: structure(v.lines), circles: structure(v.circles), plane: array(v.plane), formed: array(v.formed),
    axes: v.axes.map(a => ({ corridor: a.corridor, month: array(a.month), share: array(a.share) })), sources: v.sources,
  }));
  const anyShapes = views.some(v => v.lines), reached = array(d.reached);
  // Lines by the weight of their ends: which of those that as many replicates have are drawn first.
  for (const { lines } of views) if (lines) {
    const heavy = k => P.weight[lines.a[k]] * P.weight[lines.b[k]];
    lines.order = [...Array(lines.n).keys()].sort((j, k) => heavy(k) - heavy(j) || j - k);
  }
  // Lines that are drawn unless all are wanted.
  const STRONGEST = 100;
  // The share of replicates in which each structure stands in a month, worked out once a month.
  function standing(s, k, t) {
    if (s.at !== t) {
      s.at = t; s.now = s.now || new Float32Array(s.n);
      for (let j = 0; j < s.n; j++) { let v = 0; for (let c = s.first[j]; c < s.first[j + 1] && s.month[c] <= t; c++) v = s.share[c]; s.now[j] = v / 255; }
    }
    return s.now[k];
  }
  const axisAt = (a, t) => { let v = 0; for (let c = 0; a && c < a.month.length && a.month[c] <= t; c++) v = a.share[c]; return v / 255; };
  // Shares come in 255ths: these are at least 50 and 95 %.
  const HALF = 127.5 / 255, MOST = 242 / 255;

  // Where places are. Gateways may lie far away: they stand at the rim.
  const own = [...Array(N).keys()].filter(i => kind[i] < 2);
  const lon = own.map(i => P.lon[i]), lat = own.map(i => P.lat[i]);
  let west = Math.min(...lon), east = Math.max(...lon), south = Math.min(...lat), north = Math.max(...lat);
  const air = Math.max(east - west, north - south, 1e-3) * 0.05;
  west -= air; east += air; south -= air; north += air;
  const stretch = Math.max(0.05, Math.cos((south + north) / 2 * Math.PI / 180));
  const heaviest = Math.max(...own.filter(i => kind[i] === 0).map(i => P.weight[i]), 1e-9);
  const some = own.some(i => kind[i] === 0);
  const shape = Math.max(0.45, Math.min(1.1, (north - south) / ((east - west) * stretch)));

  let t = Math.max(...views[0].kept), playing = false, chosen = -1, zoom = 1, centre = [0.5, 0.5], panes = [], pending = false;
  const control = id => byId("map-" + id);
  const slider = control("month");
  slider.max = d.months - 1; slider.value = t;
  const value = id => control(id) ? control(id).value : null;
  const ticked = id => control(id) && control(id).checked;
  if (!d.alliances.length) control("alliances-shown").closest("label").style.display = "none";
  else control("circles").checked = false;
  if (!anyShapes) document.querySelectorAll(".map .structure").forEach(e => { e.hidden = true; e.style.display = "none"; });

  // Stock and scale of a month: those that were kept, stock on a straight line between.
  function at(view) {
    const kept = view.kept; let k = 0;
    while (k + 1 < kept.length && kept[k + 1] <= t) k++;
    const before = kept[k] <= t, next = Math.min(k + 1, kept.length - 1);
    const span = kept[next] - kept[k];
    const f = before ? (span ? Math.min(1, (t - kept[k]) / span) : 0) : 0;
    // Before the first kept month stocks rise from nothing.
    const early = before ? 1 : t / Math.max(1, kept[0]);
    const sure = i => !view.sure || view.sure[(before ? k : 0) * N + i] === 1;
    const stock = i => (view.stock[k * N + i] * (1 - f) + view.stock[next * N + i] * f) * early / 65535 * d.most;
    const scale = i => view.open[i] > t ? 0 : before ? view.scale[k * N + i] : Math.min(1, view.scale[i]);
    return { stock, scale, sure, open: i => view.open[i] <= t && t < view.close[i] };
  }

  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }

  function layout() {
    const mode = value("mode") || "a", box = control("panes");
    const wanted = mode === "both" ? ["a", "b"] : [mode];
    box.classList.toggle("two", mode === "both");
    panes = wanted.map(which => {
      const div = document.createElement("div"); div.className = "pane";
      const title = views.length > 1 ? make("h3", "", div) : null, canvas = make("canvas", "", div);
      canvas.tabIndex = 0; canvas.setAttribute("role", "img");
      listen(canvas);
      return { which, div, canvas, title };
    });
    box.replaceChildren(...panes.map(p => p.div));
    ask();
  }
  const viewOf = which => views[+(value(which === "b" ? "b" : "a") || 0)] || views[0];

  const units = (w, h) => Math.min(w / ((east - west) * stretch), h / (north - south)) * zoom;
  function project(w, h) {
    const scale = units(w, h);
    const cx = west + (east - west) * centre[0], cy = south + (north - south) * centre[1];
    return (x, y) => [w / 2 + (x - cx) * stretch * scale, h / 2 - (y - cy) * scale];
  }

  // The hull of a circle: places reached from its zone over lines that most replicates have, inside the catchment.
  const far = (i, j) => {
    const r = Math.PI / 180, a = Math.sin((P.lat[j] - P.lat[i]) * r / 2) ** 2 + Math.cos(P.lat[i] * r) * Math.cos(P.lat[j] * r) * Math.sin((P.lon[j] - P.lon[i]) * r / 2) ** 2;
    return 12742 * Math.asin(Math.sqrt(a));
  };
  function hullsOf(view) {
    if (view.hullMonth === t) return view.hulls;
    view.hullMonth = t;
    const { lines, circles } = view, near = new Map(), hulls = new Map();
    for (let k = 0; k < lines.n; k++) if (standing(lines, k, t) >= HALF) {
      for (const [a, b] of [[lines.a[k], lines.b[k]], [lines.b[k], lines.a[k]]]) { if (!near.has(a)) near.set(a, []); near.get(a).push(b); }
    }
    for (let c = 0; c < circles.n; c++) {
      if (standing(circles, c, t) < HALF) continue;
      const zone = circles.a[c], seen = new Set([zone]), queue = [zone];
      const inside = i => P.province[i] && P.province[i] === P.province[zone] || far(zone, i) <= d.radius_km;
      while (queue.length) for (const j of near.get(queue.pop()) || []) if (!seen.has(j) && kind[j] < 2 && inside(j)) { seen.add(j); queue.push(j); }
      hulls.set(zone, [...seen]);
    }
    return view.hulls = hulls;
  }
  // Lines that at least half of the replicates have, as numbers of their ends.
  function usual(view) {
    if (view.usualMonth === t) return view.usual;
    view.usualMonth = t; view.usual = new Set();
    const { lines } = view;
    for (let k = 0; k < lines.n; k++) if (standing(lines, k, t) >= HALF) view.usual.add(lines.a[k] * 65536 + lines.b[k]);
    return view.usual;
  }
  // The first hundred of some lines, or all: those that more replicates have, then those with heavier ends.
  function strongest(lists) { const all = lists.flat(); return ticked("all") ? all : all.slice(0, STRONGEST); }
  // Alliances that are in force in a month: with at least two members whose delegates take part.
  const takesPart = (view, i) => kind[i] !== 1 || view.open[i] <= t && t < view.close[i];
  function inForce(view) {
    if (view.forceMonth === t) return view.force;
    view.forceMonth = t;
    const within = ([from, to]) => from <= t && t <= to;
    const of = d.alliances.filter(a => views[a.view] === view && within(a.span));
    return view.force = of.map(a => ({ a, groups: a.groups.map((g, m) => within(a.spans[m]) ? g.filter(i => takesPart(view, i)) : []).filter(g => g.length) })).filter(x => x.groups.length > 1);
  }
  const heaviestOf = group => group.reduce((best, i) => P.weight[i] > P.weight[best] ? i : best);
  // On a dark page colours of alliances are lighter.
  const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches && !document.documentElement.classList.contains("paper");
  const tint = colour => { if (!isDark()) return colour; const n = parseInt(colour.slice(1), 16); return `rgb(${[n >> 16, n >> 8 & 255, n & 255].map(v => Math.round(v + (255 - v) * 0.42))})`; };
  const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]];
  function hull(points) {
    if (points.length < 3) return points;
    points = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    const half = list => { const h = []; for (const p of list) { while (h.length > 1 && cross(h[h.length - 2], h[h.length - 1], p) <= 0) h.pop(); h.push(p); } h.pop(); return h; };
    return [...half(points), ...half(points.reverse())];
  }

  // Lines of round degrees, with their numbers at the lower and the left edge.
  function graticule(g, w, h, anywhere, colour, ink) {
    const scale = units(w, h), wide = w / scale / stretch, tall = h / scale, rough = Math.max(wide, tall) / 8;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].find(s => s >= rough) || 45;
    const cx = west + (east - west) * centre[0], cy = south + (north - south) * centre[1];
    const round = v => +v.toFixed(4), side = (v, less, more) => { v = round(v > 180 ? v - 360 : v); return `${Math.abs(v)}°${v < 0 ? less : v > 0 ? more : ""}`; };
    g.strokeStyle = colour; g.fillStyle = ink; g.lineWidth = 0.7; g.font = "10px system-ui, sans-serif";
    for (let k = Math.ceil((cx - wide / 2) / step); k * step <= cx + wide / 2; k++) {
      const [x] = anywhere(k * step, cy); g.beginPath(); g.moveTo(x, 0); g.lineTo(x, h); g.stroke();
      if (x > 30 && x < w - 34) g.fillText(side(k * step, "W", "E"), x + 3, 12);
    }
    for (let k = Math.ceil((cy - tall / 2) / step); k * step <= cy + tall / 2; k++) {
      const [, y] = anywhere(cx, k * step); g.beginPath(); g.moveTo(0, y); g.lineTo(w, y); g.stroke();
      if (y > 40 && y < h - 16) g.fillText(side(k * step, "S", "N"), 4, y - 3);
    }
  }

  function draw(pane) {
    const { canvas, which } = pane, w = pane.div.clientWidth, h = Math.round(Math.min(w * shape, 660));
    if (!w) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) { canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio); canvas.style.height = h + "px"; }
    const g = canvas.getContext("2d"); g.setTransform(ratio, 0, 0, ratio, 0, 0);
    const anywhere = project(w, h), spot = i => anywhere(P.lon[i], P.lat[i]), view = viewOf(which), now = at(view);
    const colours = ["none", "point", "line", "circle", "axis", "plane"].map(css), ink = css("ink"), sea = css("sea"), muted = css("muted");
    const other = which === "difference" ? at(viewOf("b")) : null, most = other ? widest() : d.most, by = value("colour");
    g.fillStyle = sea; g.fillRect(0, 0, w, h);
    g.lineCap = g.lineJoin = "round";
    // Land: the hulls of the provinces, with a shore around them; then the lines between them, and degrees.
    const land = css("land"), border = css("border"), shore = Math.max(3, 2 * d.ground.reach * units(w, h));
    const rings = [d.ground.coast, ...d.ground.areas].map(ring => { const path = new Path2D(); ring.forEach((q, n) => { const p = anywhere(q[0], q[1]); n ? path.lineTo(p[0], p[1]) : path.moveTo(p[0], p[1]); }); path.closePath(); return path; });
    const ground = (colour, wide) => { g.fillStyle = g.strokeStyle = colour; g.lineWidth = wide; for (const path of rings) { g.fill(path); g.stroke(path); } };
    ground(border, shore + 1.4); ground(land, shore);
    if (view.formed && which !== "difference") { g.globalAlpha = 0.16 * view.formed[t] / 65535; g.fillStyle = css("plane"); g.fill(rings[0]); g.globalAlpha = 1; }
    g.strokeStyle = border; g.lineWidth = 0.8; for (const path of rings.slice(1)) g.stroke(path);
    graticule(g, w, h, anywhere, css("grid"), muted);
    const size = Math.sqrt(w / 700) * Math.sqrt(zoom);
    const second = other && viewOf("b"), shapes = view.lines && (!other || second.lines);
    const [less, more] = [SIGNED[0], SIGNED[4]].map(c => `rgb(${c})`);
    // Corridors, always, thin; axes, broad, where they stand.
    if (!anyShapes || ticked("axes")) for (const [c, corridor] of d.corridors.entries()) {
      const path = corridor.segments.map(s => anywhere(s[0][0], s[0][1]));
      const trace = p => { g.beginPath(); p.forEach((q, n) => n ? g.lineTo(q[0], q[1]) : g.moveTo(q[0], q[1])); g.stroke(); };
      g.setLineDash([3, 5]); g.strokeStyle = muted; g.globalAlpha = 0.45; g.lineWidth = 1; trace(path); g.setLineDash([]);
      const shareOf = v => axisAt(v.axes.find(a => a.corridor === c), t);
      const band = (v, share, colour) => {
        const lit = new Set(); if (v.circles) for (let k = 0; k < v.circles.n; k++) if (standing(v.circles, k, t) >= HALF) lit.add(v.circles.a[k]);
        let best = [], run = [];
        corridor.segments.forEach((s, n) => { if (s[1].some(z => lit.has(z))) { run.push(path[n]); if (run.length > best.length) best = [...run]; } else run = []; });
        g.strokeStyle = colour; g.globalAlpha = 0.34 * share; g.lineWidth = 15 * size; if (best.length > 1) trace(best);
      };
      const share = shareOf(view);
      if (!other) { if (share > 0) band(view, share, colours[4]); }
      else if (shapes) {
        const there = shareOf(second);
        if (there >= HALF && share < HALF) band(second, 0.7, more);
        if (share >= HALF && there < HALF) band(view, 0.7, less);
      }
      g.globalAlpha = 1;
    }
    if (shapes && ticked("circles")) {
      const round = (members, colour, strength) => {
        const points = hull(members.map(spot)); if (points.length < 2) return;
        g.fillStyle = g.strokeStyle = colour;
        g.beginPath(); points.forEach((q, n) => n ? g.lineTo(q[0], q[1]) : g.moveTo(q[0], q[1])); g.closePath();
        g.globalAlpha = 0.07 * strength; g.fill(); g.globalAlpha = 0.1 * strength; g.lineWidth = 10 * size; g.stroke(); g.globalAlpha = 0.5; g.lineWidth = 0.7; g.stroke();
      };
      const here = hullsOf(view);
      if (!other) for (const members of here.values()) round(members, colours[3], 1);
      else {
        const there = hullsOf(second);
        for (const [zone, members] of there) if (!here.has(zone)) round(members, more, 1.6);
        for (const [zone, members] of here) if (!there.has(zone)) round(members, less, 1.6);
      }
      g.globalAlpha = 1;
    }
    if (shapes && ticked("lines")) {
      const add = (path, i, j) => { const a = spot(i), b = spot(j); path.moveTo(a[0], a[1]); path.lineTo(b[0], b[1]); };
      if (!other) {
        const { lines } = view, tiers = [[], [], []], paths = [new Path2D(), new Path2D(), new Path2D()];
        for (const k of lines.order) {
          const share = standing(lines, k, t); if (share < 0.05) continue;
          tiers[share >= MOST ? 2 : share >= HALF ? 1 : 0].push([k, share >= MOST ? 2 : share >= HALF ? 1 : 0]);
        }
        for (const [k, tier] of strongest([tiers[2], tiers[1], tiers[0]])) add(paths[tier], lines.a[k], lines.b[k]);
        g.strokeStyle = colours[2];
        [0.2, 0.4, 0.7].forEach((alpha, n) => { g.globalAlpha = alpha; g.lineWidth = (0.5 + 0.25 * n) * size; g.stroke(paths[n]); });
      } else {
        const [here, there] = [usual(view), usual(second)];
        for (const [one, two, colour] of [[here, there, less], [there, here, more]]) {
          const path = new Path2D(), heavy = ends => P.weight[Math.floor(ends / 65536)] * P.weight[ends % 65536];
          const only = [...one].filter(ends => !two.has(ends)).sort((a, b) => heavy(b) - heavy(a) || a - b);
          for (const ends of strongest([only])) add(path, Math.floor(ends / 65536), ends % 65536);
          g.strokeStyle = colour; g.globalAlpha = 0.45; g.lineWidth = 0.8 * size; g.stroke(path);
        }
      }
      g.globalAlpha = 1;
    }
    // Alliances: a hull around the delegates, links between the largest delegate of each member, rings at all. In a
    // difference those of both layouts stand back.
    const bonds = [];
    if (ticked("alliances-shown")) {
      const [a, b] = [inForce(view), other ? inForce(second) : []], has = (list, id) => list.some(x => x.a.id === id);
      for (const x of a) bonds.push([x, other && has(b, x.a.id)]);
      for (const x of b) if (!has(a, x.a.id)) bonds.push([x, false]);
    }
    const tags = [];
    for (const [{ a, groups }, back] of bonds) {
      const members = groups.flat(), points = hull(members.map(spot)), path = new Path2D();
      points.forEach((q, n) => n ? path.lineTo(q[0], q[1]) : path.moveTo(q[0], q[1])); path.closePath();
      g.fillStyle = g.strokeStyle = tint(a.colour);
      g.globalAlpha = back ? 0.03 : 0.1; g.fill(path); g.lineWidth = 12 * size; g.globalAlpha = back ? 0.04 : 0.12; g.stroke(path);
      g.globalAlpha = back ? 0.45 : 0.95; g.lineWidth = back ? 1 : 1.8; g.setLineDash(DASHES[a.dash % DASHES.length]); g.stroke(path); g.setLineDash([]);
      if (!back) {
        const hubs = groups.map(heaviestOf), links = new Path2D();
        hubs.forEach((i, n) => hubs.slice(n + 1).forEach(j => { const p = spot(i), q = spot(j); links.moveTo(p[0], p[1]); links.quadraticCurveTo((p[0] + q[0]) / 2, (p[1] + q[1]) / 2 - Math.hypot(p[0] - q[0], p[1] - q[1]) * 0.12, q[0], q[1]); }));
        g.globalAlpha = hubs.length > 8 ? 0.3 : 0.6; g.lineWidth = 1.1; g.stroke(links);
        const top = points.reduce((best, q) => q[1] < best[1] ? q : best, points[0]); tags.push([a, top]);
      }
      g.globalAlpha = 1;
    }
    // Main sources of the chosen place; in a difference those of one layout only have its colour.
    const heard = v => new Set(chosen >= 0 ? (v.sources[chosen] || []).map(([source]) => source) : []);
    const here = heard(view), there = other ? heard(second) : here;
    for (const source of new Set([...here, ...there])) {
      const a = spot(source), b = spot(chosen);
      g.strokeStyle = !there.has(source) ? less : !here.has(source) ? more : ink; g.globalAlpha = 0.8; g.lineWidth = 1.6; g.beginPath(); g.moveTo(a[0], a[1]); g.quadraticCurveTo((a[0] + b[0]) / 2, Math.min(a[1], b[1]) - 18, b[0], b[1]); g.stroke(); g.globalAlpha = 1;
    }
    const unsure = i => view === views[0] && !other.sure(i);
    const paint = i => other ? signed((other.stock(i) - now.stock(i)) / most) : by === "stock" ? mix(VIRIDIS, now.stock(i) / d.most) : colours[now.scale(i)];
    pane.spots = [];
    const order = own.filter(i => kind[i] === 0 || !some).sort((a, b) => P.weight[b] - P.weight[a]);
    for (const i of order) {
      const [x, y] = spot(i), r = (1.6 + 8 * Math.sqrt(P.weight[i] / heaviest)) * size;
      pane.spots.push([i, x, y, r]);
      g.beginPath(); g.arc(x, y, r, 0, 7); g.fillStyle = g.strokeStyle = paint(i); g.globalAlpha = other || by === "stock" || now.scale(i) > 1 ? 0.9 : 0.55;
      // A difference whose interval holds 0 is a ring.
      if (other && unsure(i)) { g.strokeStyle = muted; g.lineWidth = 0.8; g.stroke(); } else g.fill();
    }
    g.globalAlpha = 1;
    // Zones as diamonds, once they are open.
    for (const i of own) if (kind[i] === 1 && some) {
      const open = now.open(i) || other && other.open(i); if (!open) continue;
      const [x, y] = spot(i), r = 3.4 * size; pane.spots.push([i, x, y, r]);
      g.beginPath(); g.moveTo(x, y - r); g.lineTo(x + r, y); g.lineTo(x, y + r); g.lineTo(x - r, y); g.closePath();
      g.fillStyle = other || by === "stock" ? paint(i) : colours[Math.max(1, now.scale(i))]; g.fill(); g.strokeStyle = ink; g.lineWidth = 0.9; g.stroke();
    }
    for (const [{ a, groups }, back] of bonds) {
      g.strokeStyle = tint(a.colour); g.lineWidth = back ? 0.8 : 1.4; g.globalAlpha = back ? 0.5 : 1;
      for (const i of groups.flat()) {
        const [x, y] = spot(i), r = (kind[i] === 0 ? (1.6 + 8 * Math.sqrt(P.weight[i] / heaviest)) * size : 3.4 * size) + 2;
        g.beginPath(); g.arc(x, y, r, 0, 7); g.stroke();
      }
      g.globalAlpha = 1;
    }
    for (let i = 0; i < N; i++) if (kind[i] > 1 && view.open[i] !== 32767 && view.open[i] <= t) {
      let [x, y] = spot(i); x = Math.max(8, Math.min(w - 8, x)); y = Math.max(8, Math.min(h - 8, y));
      const r = 4 * size; pane.spots.push([i, x, y, r]);
      g.beginPath(); g.moveTo(x, y - r); g.lineTo(x + r, y + r * 0.8); g.lineTo(x - r, y + r * 0.8); g.closePath();
      g.fillStyle = kind[i] === 3 ? muted : sea; g.fill(); g.strokeStyle = muted; g.lineWidth = 1.2; g.stroke();
    }
    g.font = `${Math.round(11.5 * Math.max(1, Math.sqrt(size)))}px system-ui, sans-serif`;
    // Beside the mark, on the side where there is room.
    const beside = (i, x, y, r) => { const wide = g.measureText(name(i)).width; return [x + r + 4 + wide > w ? x - r - 4 - wide : x + r + 4, wide]; };
    const label = (i, x, y, r) => { const [left] = beside(i, x, y, r); g.lineWidth = 3; g.strokeStyle = land; g.strokeText(name(i), left, y + 4); g.fillStyle = ink; g.fillText(name(i), left, y + 4); };
    // Ten large places that lie apart are named; all that have room where that is wanted.
    const taken = [], named = new Map(pane.spots.map(s => [s[0], s]));
    const free = (left, y, wide) => !taken.some(b => left < b[0] + b[2] && left + wide > b[0] && Math.abs(y - b[1]) < 14);
    for (const i of [...d.ground.named, ...(ticked("names") ? pane.spots.map(s => s[0]) : [])]) {
      const at = named.get(i); if (!at) continue;
      const [left, wide] = beside(...at), y = at[2];
      if (!free(left, y, wide)) continue;
      taken.push([left, y, wide]); label(...at);
    }
    // Alliances by name, above their hulls.
    g.font = `600 ${Math.round(11 * Math.max(1, Math.sqrt(size)))}px system-ui, sans-serif`;
    for (const [a, [x, y]] of tags) {
      let words = a.name; const most = w * 0.34; while (words.length > 4 && g.measureText(words).width > most) words = words.slice(0, -2).trimEnd() + "…";
      const wide = g.measureText(words).width, left = Math.max(4, Math.min(w - wide - 4, x - wide / 2));
      let line = Math.max(14, y - 11 * size); for (let n = 0; n < 6 && !free(left, line, wide); n++) line = line > 30 ? line - 14 : line + 14;
      taken.push([left, line, wide]);
      g.lineWidth = 3; g.strokeStyle = land; g.strokeText(words, left, line + 4); g.fillStyle = tint(a.colour); g.fillText(words, left, line + 4);
    }
    g.font = `${Math.round(11.5 * Math.max(1, Math.sqrt(size)))}px system-ui, sans-serif`;
    const found = pane.spots.find(s => s[0] === chosen);
    if (found) { const [i, x, y, r] = found; g.strokeStyle = ink; g.lineWidth = 2; g.beginPath(); g.arc(x, y, r + 3, 0, 7); g.stroke(); label(i, x, y, r + 3); }
    if (pane.title) pane.title.textContent = other ? `B − A: ${viewOf("b").name} − ${viewOf("a").name}` : panes.length > 1 ? `${which.toUpperCase()}: ${view.name}` : view.name;
    canvas.setAttribute("aria-label", say("script-map-in", { month: month(t), state: byId("map-state").textContent }));
  }
  // The largest difference of a region in any month, so that colours mean the same through time. A zone that only
  // one layout opens would outshine all: it has the last colour.
  let known = null;
  function widest() {
    const key = value("a") + " " + value("b");
    if (known && known.key === key) return known.most;
    const a = viewOf("a"), b = viewOf("b"); let most = 0;
    for (let n = 0; n < Math.min(a.stock.length, b.stock.length); n++) if (kind[n % N] === 0 || !some) most = Math.max(most, Math.abs(b.stock[n] - a.stock[n]));
    known = { key, most: most / 65535 * d.most || 1 };
    return known.most;
  }

  let legendOf = null;
  // Layouts by the letters of their choice; their titles are long.
  const letter = view => panes.length > 1 || value("mode") === "difference" ? (view === viewOf("a") ? "A" : "B") : view.name;
  const shownViews = () => [...new Set(panes.flatMap(p => p.which === "difference" ? [viewOf("a"), viewOf("b")] : [viewOf(p.which)]))];
  function tell() {
    control("now").textContent = month(t);
    slider.setAttribute("aria-valuetext", month(t));
    const shown = shownViews(), words = [];
    const zones = view => own.filter(i => kind[i] === 1 && view.open[i] <= t && t < view.close[i]).length;
    const counts = shown.map(view => (shown.length > 1 ? letter(view) + " " : "") + zones(view)).join(", ");
    words.push(say("script-zones", { counts }));
    for (const view of shown) {
      const { lines, circles, axes, plane } = view, said = [];
      if (lines) {
        // A comparison knows the class of each share (0, 5, 50, 95 %) in every month; a run knows the share.
        const count = s => { let sum = 0; for (let k = 0; k < s.n; k++) { const v = standing(s, k, t); sum += views.length > 1 ? v >= HALF : v; } return Math.round(sum); };
        const on = axes.reduce((sum, a) => sum + (views.length > 1 ? axisAt(a, t) >= HALF : axisAt(a, t)), 0);
        const stand = { lines: count(lines), circles: count(circles) };
        said.push(views.length > 1 ? say("script-stand-half", { ...stand, axes: on })
          : say("script-stand-mean", { ...stand, axes: short(on.toFixed(1)) }));
      }
      if (plane) said.push(say("script-plane-share", { share: Math.round(plane[t] / 655.35) }));
      if (said.length) words.push((shown.length > 1 ? say("script-of-layout", { layout: letter(view) }) : "") + said.join(say("script-clauses")));
    }
    byId("map-state").textContent = say("script-state", { month: month(t), words: words.join(say("script-semicolon")) });
    const active = view => inForce(view).map(({ a }) => a.name);
    const told = shown.map(view => {
      const names = active(view).join(say("script-semicolon")) || say("script-none");
      return shown.length > 1 ? say("script-of-layout", { layout: letter(view) }) + names : names;
    });
    byId("map-alliances").textContent = say("script-alliances", { list: told.join(" | ") });
    if (shown.map(active).join() !== legendOf) { legendOf = shown.map(active).join(); legend(); }
    if (chosen >= 0) describe();
  }
  // The month in which place i has reached scale n + 1: that of a run, else the first kept month with it or a higher one.
  function month_reached(view, i, n) {
    if (reached) return reached[i * 5 + n];
    const k = [...view.kept.keys()].find(k => view.kept[k] >= view.open[i] && view.scale[k * N + i] > n);
    return k === undefined ? -1 : view.kept[k];
  }
  // When that was: where places were not kept every month, all that is known is that it lies after the kept month before.
  function span_reached(view, i, n) {
    const m = month_reached(view, i, n), k = view.kept.indexOf(m);
    const from = k < 0 ? m : Math.max(k > 0 ? view.kept[k - 1] + 1 : 0, view.open[i], 0);
    return m < 0 ? "" : from < m ? `${month(from)}–${month(m)}` : month(m);
  }
  function describe() {
    const i = chosen, parts = [both(i)];
    const ofLayout = view => shownViews().length > 1 ? say("script-of-layout", { layout: letter(view) }) : "";
    if (kind[i] < 2) {
      for (const view of shownViews()) {
        const now = at(view);
        const when = SCALES.slice(1).map((s, n) => [s, span_reached(view, i, n)]).filter(x => x[1]).map(([s, when]) => `${s} ${when}`);
        parts.push(ofLayout(view) + say("script-now", { stock: short(now.stock(i)), scale: SCALES[now.scale(i)] })
          + (when.length ? say("script-reached", { list: when.join(say("script-list")) }) : ""));
        const from = view.sources[i] || [];
        if (from.length) parts.push(ofLayout(view) + say("script-sources", { list: from.map(([s, c]) => `${name(s)} ${short(c)}`).join(say("script-list")) }));
      }
      const bound = [...new Set(shownViews().flatMap(view => inForce(view).filter(x => x.groups.some(g => g.includes(i))).map(x => x.a.name)))];
      if (bound.length) parts.push(say("script-in-alliances", { list: bound.join(say("script-semicolon")) }));
    } else parts.push(say("script-gateway"));
    byId("map-place").textContent = parts.join(" · ");
    return parts.join("\n");
  }
  // The card of the chosen place, beside the pointer or, without one, beside the place.
  function show(pane, event) {
    if (chosen < 0) return;
    const at = (pane.spots || []).find(s => s[0] === chosen), box = pane.canvas.getBoundingClientRect();
    const where = event || (at && { clientX: box.left + at[1], clientY: box.top + at[2] });
    if (where) card(describe(), where, pane.div);
  }

  function legend() {
    const box = control("legend"); box.replaceChildren();
    const dot = (colour, words) => { const span = make("span", "", box), i = make("i", "", span); i.style.background = colour; make("span", words, span); };
    const ramp = (list, low, high) => {
      const span = make("span", "", box); make("span", low, span);
      const c = make("canvas", "", span); c.width = 144; c.height = 12; c.setAttribute("aria-hidden", "true");
      const g = c.getContext("2d"); for (let x = 0; x < 144; x++) { g.fillStyle = list === SIGNED ? signed(x / 71.5 - 1) : mix(list, x / 143); g.fillRect(x, 0, 1, 12); }
      make("span", high, span);
    };
    if (value("mode") === "difference") { ramp(SIGNED, `−${short(widest())}`, say("script-legend-difference", { most: short(widest()) })); make("span", say("script-legend-ring"), box); }
    else if (value("colour") === "stock") ramp(VIRIDIS, "0", say("script-legend-stock", { most: short(d.most) }));
    else ["none", "point", "line", "circle", "axis", "plane"].forEach((c, n) => dot(css(c), SCALES[n]));
    if (anyShapes && value("mode") === "difference") { dot(`rgb(${SIGNED[4]})`, say("script-only-b")); dot(`rgb(${SIGNED[0]})`, say("script-only-a")); }
    const shown = [...new Map(shownViews().flatMap(v => inForce(v)).map(x => [x.a.id, x.a])).values()];
    if (ticked("alliances-shown")) for (const a of shown) {
      const span = make("span", "", box), i = make("i", "", span); i.className = "bond"; i.style.borderColor = tint(a.colour); i.style.borderStyle = a.dash % DASHES.length ? "dashed" : "solid"; make("span", a.name, span);
    }
    make("span", say("script-legend"), box);
  }

  function ask() {
    if (pending) return; pending = true;
    requestAnimationFrame(() => { pending = false; tell(); panes.forEach(draw); });
  }
  function choose(i) { if (chosen !== i) { chosen = i; ask(); } }
  function nearest(pane, x, y, most) {
    let best = -1, least = most;
    for (const [i, sx, sy, r] of pane.spots || []) { const far = Math.hypot(sx - x, sy - y) - r; if (far < least) { least = far; best = i; } }
    return best;
  }
  function listen(canvas) {
    let from = null;
    const where = e => { const b = canvas.getBoundingClientRect(); return [e.clientX - b.left, e.clientY - b.top]; };
    const pane = () => panes.find(p => p.canvas === canvas);
    canvas.addEventListener("pointerdown", e => { from = [...where(e), ...centre]; if (zoom > 1) canvas.setPointerCapture(e.pointerId); const i = nearest(pane(), ...where(e), 14); if (i >= 0) { choose(i); show(pane(), e); } });
    canvas.addEventListener("pointerup", () => { from = null; });
    canvas.addEventListener("pointercancel", () => { from = null; });
    canvas.addEventListener("pointermove", e => {
      const [x, y] = where(e);
      if (from && zoom > 1 && e.buttons) {
        const scale = units(canvas.clientWidth, canvas.clientHeight);
        move(from[2] - (x - from[0]) / scale / stretch / (east - west), from[3] + (y - from[1]) / scale / (north - south));
      } else if (e.pointerType === "mouse") { const i = nearest(pane(), x, y, 8); if (i >= 0) { choose(i); show(pane(), e); } else hide(); }
    });
    canvas.addEventListener("pointerleave", e => { if (e.pointerType === "mouse") hide(); });
    canvas.addEventListener("blur", hide);
    canvas.addEventListener("keydown", e => {
      const turn = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[e.key];
      if (turn) {
        e.preventDefault();
        const spots = pane().spots, here = spots.find(s => s[0] === chosen) || [-1, canvas.clientWidth / 2, canvas.clientHeight / 2];
        let best = -1, least = Infinity;
        for (const [i, x, y] of spots) {
          const ahead = (x - here[1]) * turn[0] + (y - here[2]) * turn[1], aside = Math.abs((x - here[1]) * turn[1]) + Math.abs((y - here[2]) * turn[0]);
          if (ahead > 1 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = i; }
        }
        if (best >= 0) { choose(best); show(pane()); }
      } else if (e.key === " ") { e.preventDefault(); play(); }
      else if (e.key === "+") resize(1.4); else if (e.key === "-") resize(1 / 1.4);
    });
  }
  const clamp = v => Math.max(0, Math.min(1, v));
  function move(x, y) { centre = [clamp(x), clamp(y)]; ask(); }
  function resize(by) {
    zoom = Math.max(1, Math.min(12, zoom * by));
    if (zoom === 1) centre = [0.5, 0.5]; else if (chosen >= 0 && by > 1) centre = [clamp((P.lon[chosen] - west) / (east - west)), clamp((P.lat[chosen] - south) / (north - south))];
    panes.forEach(p => { p.canvas.style.touchAction = zoom > 1 ? "none" : "pan-y"; });
    ask();
  }
  let last = 0;
  function play() {
    playing = !playing;
    const button = control("play"); button.setAttribute("aria-pressed", playing);
    button.firstElementChild.textContent = playing ? "⏸" : "▶"; button.lastElementChild.textContent = playing ? say("script-pause") : say("script-play");
    if (playing) { if (t >= d.months - 1) set(0); last = performance.now(); requestAnimationFrame(step); }
  }
  function step(now) {
    if (!playing) return;
    // Ten months a second, whatever the frames take.
    const on = Math.floor((now - last) / 100);
    if (on > 0) { last += on * 100; set(Math.min(d.months - 1, t + on)); if (t >= d.months - 1) return play(); }
    requestAnimationFrame(step);
  }
  function set(month) { t = month; slider.value = t; ask(); }

  slider.addEventListener("input", () => { if (playing) play(); t = +slider.value; ask(); });
  control("play").addEventListener("click", play);
  control("in").addEventListener("click", () => resize(1.4));
  control("out").addEventListener("click", () => resize(1 / 1.4));
  for (const id of ["colour", "a", "b"]) if (control(id)) control(id).addEventListener("change", () => { legend(); ask(); });
  if (control("mode")) control("mode").addEventListener("change", () => { layout(); legend(); });
  for (const id of ["lines", "all", "circles", "axes", "names", "alliances-shown"]) control(id).addEventListener("change", () => { legend(); ask(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { legend(); ask(); });
  addEventListener("resize", ask);
  // On paper the map is light, whatever the screen is.
  const paper = on => { document.documentElement.classList.toggle("paper", on); legend(); tell(); panes.forEach(draw); };
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
  byId("map-box").hidden = false;
  layout(); legend();
}
})();
