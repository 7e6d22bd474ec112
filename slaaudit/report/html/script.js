"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  // ---- building blocks: text only, never markup ----
  const SVG = "http://www.w3.org/2000/svg";
  const add = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== false) node.setAttribute(name, value);
    }
    node.append(...(children || []).filter((child) => child !== null && child !== ""));
    return node;
  };
  const el = (name, attributes, ...children) => add(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) => add(document.createElementNS(SVG, name), attributes, children);
  const byId = (id) => document.getElementById(id);

  // ---- light and dark ----
  const toggle = byId("theme");
  const stored = () => {
    try {
      return localStorage.getItem("slaaudit-theme");
    } catch {
      return null;
    }
  };
  const isDark = () =>
    (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const paint = () => toggle.setAttribute("aria-pressed", String(isDark()));
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
  toggle.hidden = false;
  paint();
  toggle.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("slaaudit-theme", root.dataset.theme);
    } catch {
      /* a page of its own, without storage */
    }
    paint();
  });

  if (!byId("measured")) return;

  // ---- the data ----
  const data = JSON.parse(byId("measured").textContent);
  let sheets = null;
  const worksheets = () => (sheets = sheets || JSON.parse(byId("sheets").textContent));
  const rows = data.rows;
  const count = rows.ticket.length;
  const word = (code) => (code < 0 ? null : data.words[code]);
  const clauseOf = (row) => data.clauses[rows.clause[row]];
  const calendarOf = (row) => data.calendars[rows.calendar[row]] || { name: "", day: 86400, always: true, open: [] };
  const verdictOf = (row) => data.verdicts[rows.verdict[row]];
  const ticketOf = (row) => data.tickets.id[rows.ticket[row]];

  // ---- words: the same as the report's own ----
  const clocks = new Map();
  const clock = (zone) => {
    if (!clocks.has(zone)) {
      const options = {
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        weekday: "short",
        hourCycle: "h23",
      };
      let made;
      try {
        made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
      } catch {
        made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
      }
      clocks.set(zone, made);
    }
    return clocks.get(zone);
  };
  const at = (seconds, zone, weekday) => {
    if (seconds === null) return "–";
    const part = Object.fromEntries(
      clock(zone)
        .formatToParts(new Date(Math.floor(seconds) * 1000))
        .map((each) => [each.type, each.value]),
    );
    const rest = Math.round((seconds - Math.floor(seconds)) * 1e6);
    let text = `${part.year.padStart(4, "0")}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
    if (part.second !== "00" || rest) text += `:${part.second}`;
    if (rest) text += `.${String(rest).padStart(6, "0").replace(/0+$/, "")}`;
    return weekday ? `${part.weekday} ${text}` : text;
  };
  const units = (seconds, day) => {
    let micros = Math.round(seconds * 1e6);
    const take = (unit) => {
      const whole = Math.floor(micros / unit);
      micros -= whole * unit;
      return whole;
    };
    const plain = (number) => number.toLocaleString("en-US");
    const parts = [
      [day ? take(day * 1e6) : 0, "d"],
      [take(3600e6), "h"],
      [take(60e6), "m"],
      [micros / 1e6, "s"],
    ].map(([number, unit]) => [number, `${unit === "s" ? number : plain(number)}${unit}`]);
    while (parts.length > 1 && !parts[0][0]) parts.shift();
    while (parts.length > 1 && !parts[parts.length - 1][0]) parts.pop();
    return parts.map((part) => part[1]);
  };
  const exact = (seconds, day) => (seconds < 0 ? `−${exact(-seconds, day)}` : units(seconds, day).join(" "));
  const length = (seconds, day) =>
    seconds === null
      ? "–"
      : units(seconds, day)
          .slice(0, 2)
          .filter((text, place) => !place || !text.startsWith("0"))
          .join(" ");
  const badge = (verdict) => el("span", { class: `verdict ${verdict}` }, verdict);

  // ---- worksheets and lanes ----
  const stretchesOf = (row) => {
    const flat = worksheets().stretches[row];
    if (!flat) return null;
    const found = [];
    for (let place = 0; place < flat.length; place += 10) {
      const [from, to, state, severity, why, took, total, file, line, said] = flat.slice(place, place + 10);
      found.push({
        from,
        to,
        took,
        total,
        line,
        state: word(state),
        severity: word(severity),
        why: word(why),
        file: word(file),
        said: word(said),
      });
    }
    return found;
  };
  // The open parts of [from, to), each with whether it is open; found by halving, as calendars may be long.
  const openings = (calendar, from, to) => {
    if (calendar.always) return [[from, to, true]];
    const edges = calendar.open;
    let low = 0,
      high = edges.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[2 * middle + 1] <= from) low = middle + 1;
      else high = middle;
    }
    const pieces = [];
    let done = from;
    for (let place = low; done < to && 2 * place < edges.length && edges[2 * place] < to; place += 1) {
      const open = Math.max(edges[2 * place], from),
        close = Math.min(edges[2 * place + 1], to);
      if (open > done) pieces.push([done, open, false]);
      pieces.push([open, close, true]);
      done = close;
    }
    if (done < to) pieces.push([done, to, false]);
    return pieces;
  };
  const NAMES = {
    counted: "counted",
    over: "counted, past the target",
    paused: "paused",
    closed: "closed hours",
    finished: "finished",
    waiting: "not counted yet",
  };
  const KINDS = { paused: "paused", finished: "finished", "not-counted-yet": "waiting" };
  const TALL = { counted: [4, 16], over: [4, 16], paused: [7, 10], closed: [11, 2], finished: [8, 8], waiting: [9, 6] };
  const piecesOf = (row) => {
    const due = rows.due[row];
    return (stretchesOf(row) || [])
      .filter((each) => each.to > each.from)
      .flatMap((each) => {
        if (each.why !== "runs")
          return [{ from: each.from, to: each.to, kind: KINDS[each.why] || "closed", state: each.state }];
        return openings(calendarOf(row), each.from, each.to).flatMap(([from, to, open]) => {
          const piece = (since, until, kind) => ({ from: since, to: until, kind, state: each.state });
          if (!open) return [piece(from, to, "closed")];
          if (due === null || to <= due) return [piece(from, to, "counted")];
          return from >= due ? [piece(from, to, "over")] : [piece(from, due, "counted"), piece(due, to, "over")];
        });
      });
  };
  const lane = (row) => {
    const pieces = piecesOf(row),
      due = rows.due[row],
      zone = clauseOf(row).zone;
    if (!pieces.length) return el("p", { class: "readout" }, "no time to show");
    const begin = pieces[0].from,
      last = pieces[pieces.length - 1].to,
      end = due === null ? last : Math.max(last, due);
    const x = (instant) => `${Math.round((1e5 * (instant - begin)) / (end - begin)) / 1e3}%`;
    const wide = (from, to) => `${Math.max(0, Math.round((1e5 * (to - from)) / (end - begin)) / 1e3)}%`;
    const readout = el("p", { class: "readout", "aria-hidden": "true" });
    const rest = `${at(begin, zone)} to ${at(last, zone)}`;
    const stops = pieces.map((piece) => {
      const said = `${at(piece.from, zone, true)} to ${at(piece.to, zone, true)}: ${NAMES[piece.kind]}, ${piece.state}, ${exact(piece.to - piece.from, 0)}`;
      const [y, height] = TALL[piece.kind];
      return {
        said,
        node: svg(
          "g",
          { role: "img", "aria-label": said, tabindex: -1 },
          svg("rect", { class: `lane-${piece.kind}`, x: x(piece.from), width: wide(piece.from, piece.to), y, height }),
          svg("rect", { class: "hold", x: x(piece.from), width: wide(piece.from, piece.to), y: 0, height: 24 }),
        ),
      };
    });
    if (due !== null && due >= begin) {
      const said = `Due ${at(due, zone, true)}`;
      const mark = svg(
        "g",
        { role: "img", "aria-label": said, tabindex: -1 },
        svg("line", { class: "lane-due", x1: x(due), x2: x(due), y1: 0, y2: 24 }),
        svg("rect", { class: "hold", x: x(due), width: 9, y: 0, height: 24, transform: "translate(-4)" }),
      );
      const place = pieces.findIndex((piece) => piece.from >= due);
      stops.splice(place < 0 ? stops.length : place, 0, { said, node: mark, top: true });
    }
    const drawn = [...stops].sort((one, other) => Boolean(one.top) - Boolean(other.top)).map((stop) => stop.node);
    const track = svg(
      "svg",
      { class: "track", role: "group", "aria-label": `Lane of ${ticketOf(row)}: arrow keys move along it` },
      ...drawn,
    );
    stops[0].node.setAttribute("tabindex", "0");
    const show = (stop) => {
      readout.textContent = stop ? stop.said : rest;
    };
    stops.forEach((stop, place) => {
      stop.node.addEventListener("pointerenter", () => show(stop));
      stop.node.addEventListener("focus", () => show(stop));
      stop.node.addEventListener("blur", () => show(null));
      stop.node.addEventListener("keydown", (event) => {
        const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: stops.length - 1 }[event.key];
        if (to === undefined || !stops[to]) return;
        event.preventDefault();
        stop.node.setAttribute("tabindex", "-1");
        stops[to].node.setAttribute("tabindex", "0");
        stops[to].node.focus();
      });
    });
    track.addEventListener("pointerleave", () => show(null));
    show(null);
    return el("div", {}, track, readout);
  };
  const placeOf = (origin) => {
    if (!origin) return "";
    const [file, line, column, actor, said] = origin;
    return `${word(file)}, row ${line} (${word(column)}), by the ${word(actor)}${said < 0 ? "" : `: ${word(said)}`}`;
  };
  const sheet = (row) => {
    const clause = clauseOf(row),
      calendar = calendarOf(row),
      zone = clause.zone,
      day = calendar.day;
    const of = calendar.always || !calendar.name ? "" : ` of ${calendar.name} time`;
    const facts = [
      ["Started", `${at(rows.started[row], zone)}; ${placeOf(worksheets().start[row])}`],
      ["Target", rows.target[row] === null ? "none" : length(rows.target[row], day) + of],
      ["Due", at(rows.due[row], zone)],
      [
        "Stopped",
        rows.stopped[row] === null ? "not yet" : `${at(rows.stopped[row], zone)}; ${placeOf(worksheets().stop[row])}`,
      ],
      ["Took", length(rows.elapsed[row], day) + (rows.elapsed[row] === null ? "" : of)],
    ];
    if (rows.over[row]) facts.push(["Over by", length(rows.over[row], day) + of]);
    if (rows.paused[row]) facts.push(["Paused", length(rows.paused[row], day)]);
    if (rows.paused_most[row] !== null) facts.push(["Paused at most", length(rows.paused_most[row], day)]);
    const fields = Object.entries(data.tickets.fields)
      .map(([name, codes]) => [name, word(codes[rows.ticket[row]])])
      .filter((pair) => pair[1] !== null);
    const pairs = (list) =>
      el(
        "dl",
        { class: "fields" },
        ...list.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, el("bdi", {}, value)))),
      );
    const notes = [
      word(rows.reason[row]),
      ...rows.caveats[row].map((code) => `Caveat: ${word(code)}`),
      rows.waived[row] < 0 ? null : `Waived: ${word(rows.waived[row])}`,
    ];
    const found = stretchesOf(row);
    const table =
      found && found.length
        ? el(
            "div",
            { class: "scroll", role: "region", tabindex: 0, "aria-label": `Worksheet of ${ticketOf(row)}` },
            el(
              "table",
              {},
              el(
                "thead",
                {},
                el(
                  "tr",
                  {},
                  ...["From", "To", "State", "Severity", "Counted", "Took", "Total", "File, row"].map((name, place) =>
                    el("th", { scope: "col", class: place > 4 && place < 7 ? "num" : null }, name),
                  ),
                ),
              ),
              el(
                "tbody",
                {},
                ...found.map((each) =>
                  el(
                    "tr",
                    { class: each.why === "runs" || each.why === "pause-total" ? null : "uncounted" },
                    el("td", { class: "keep" }, at(each.from, zone, true)),
                    el("td", { class: "keep" }, at(each.to, zone, true)),
                    el("td", {}, each.state),
                    el("td", {}, each.severity || "–"),
                    el("td", {}, each.why === "runs" ? "counted" : each.why.replaceAll("-", " ")),
                    el("td", { class: "num" }, exact(each.took, day)),
                    el("td", { class: "num" }, exact(each.total, day)),
                    el("td", {}, each.file ? `${each.file}, ${each.line}${each.said ? ` (${each.said})` : ""}` : "–"),
                  ),
                ),
              ),
            ),
          )
        : el(
            "p",
            { class: "note" },
            found || ["excluded", "unknown", "no-target"].includes(verdictOf(row))
              ? "No time was counted for it."
              : "The record that this page was made from holds no worksheet of it; slaaudit explain shows it.",
          );
    return el(
      "div",
      { class: "sheet" },
      el(
        "p",
        {},
        el("strong", {}, el("bdi", {}, ticketOf(row))),
        ` ${[clause.title, rows.cycle[row] > 1 ? `no. ${rows.cycle[row]}` : null, word(rows.severity[row])].filter(Boolean).join(", ")}: `,
        badge(verdictOf(row)),
      ),
      ...notes.filter(Boolean).map((note) => el("p", {}, note)),
      pairs(facts),
      fields.length ? pairs(fields) : "",
      found && found.length ? lane(row) : "",
      el(
        "p",
        { class: "note" },
        `Times by the clock of ${zone}${day === 86400 || !of ? "" : `; 1d of ${calendar.name} time is ${length(day, 0)}`}.`,
      ),
      table,
    );
  };
  // A ticket's name that opens its worksheet in a row of its own, below.
  const opener = (row, line, columns, opened) => {
    const button = el(
      "button",
      { type: "button", class: "opener", "aria-expanded": "false" },
      el("bdi", {}, ticketOf(row)),
    );
    const set = (open) => {
      button.setAttribute("aria-expanded", String(open));
      if (!open) line.nextElementSibling.remove();
      else line.after(el("tr", { class: "sheet-row" }, el("td", { colspan: columns }, sheet(row))));
    };
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") !== "true";
      set(open);
      if (opened) opened[open ? "add" : "delete"](row);
    });
    return [button, set];
  };

  // ---- the breaches, which stand in the page: their lanes come as they are scrolled to ----
  const breaches = [...document.querySelectorAll(".breaches tbody tr")];
  const fill = (line) => {
    const cell = line.querySelector("td.lane");
    if (!cell.firstChild) cell.append(lane(Number(line.dataset.row)));
  };
  const watcher = new IntersectionObserver(
    (seen) =>
      seen
        .filter((each) => each.isIntersecting)
        .forEach((each) => {
          watcher.unobserve(each.target);
          fill(each.target);
        }),
    { rootMargin: "600px" },
  );
  for (const line of breaches) {
    const head = line.querySelector("th");
    head.replaceChildren(opener(Number(line.dataset.row), line, 7)[0]);
    watcher.observe(line);
  }
  addEventListener("beforeprint", () => breaches.forEach(fill));
  // the others come while nothing else is to be done, so that the page is whole when it is captured or copied
  const rest = [...breaches];
  const idly = (time) => {
    while (rest.length && time.timeRemaining() > 4) fill(rest.shift());
    if (rest.length) requestIdleCallback(idly);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(idly);

  // ---- the table of tickets ----
  const PAGE = 100;
  const text = (row) => ticketOf(row);
  const columns = [
    ["Ticket", text],
    ["Clause", (row) => clauseOf(row).title],
    ["Severity", (row) => word(rows.severity[row]) || ""],
    ["Verdict", verdictOf],
    ["Started", (row) => rows.started[row]],
    ["Due", (row) => rows.due[row]],
    ["Stopped", (row) => rows.stopped[row]],
    ["Took", (row) => rows.elapsed[row]],
    ["Over by", (row) => rows.over[row]],
  ];
  const cells = (row) => {
    const zone = clauseOf(row).zone,
      day = calendarOf(row).day;
    return [
      el("td", {}, clauseOf(row).title + (rows.cycle[row] > 1 ? ` no. ${rows.cycle[row]}` : "")),
      el("td", {}, word(rows.severity[row]) || "–"),
      el("td", {}, badge(verdictOf(row)), rows.waived[row] < 0 ? "" : " waived"),
      ...["started", "due", "stopped"].map((name) => el("td", { class: "keep" }, at(rows[name][row], zone))),
      el("td", { class: "num keep" }, length(rows.elapsed[row], day)),
      el("td", { class: "num keep" }, rows.over[row] ? length(rows.over[row], day) : "–"),
    ];
  };
  const state = { sorted: -1, down: false, page: 0, order: [...Array(count).keys()], opened: new Set() };
  let haystack = null;
  const hay = (row) => {
    if (!haystack) {
      const fields = Object.values(data.tickets.fields);
      haystack = data.tickets.id.map((id, ticket) =>
        [id, ...fields.map((codes) => word(codes[ticket]) || "")].join("\n").toLowerCase(),
      );
    }
    return (
      haystack[rows.ticket[row]] +
      "\n" +
      [word(rows.reason[row]), word(rows.waived[row]), ...rows.caveats[row].map(word)].join("\n").toLowerCase()
    );
  };
  const chosen = { clause: byId("clause"), verdict: byId("verdict"), severity: byId("severity") };
  const compare = (one, other) => {
    if (one === other) return 0;
    if (one === null || one === "") return 1;
    if (other === null || other === "") return -1;
    const order = typeof one === "number" ? one - other : collator.compare(one, other);
    return state.down ? -order : order;
  };
  const collator = new Intl.Collator("en", { numeric: true });
  const choose = () => {
    byId("tickets").classList.add("used");
    const wanted = byId("search").value.trim().toLowerCase();
    state.order = [...Array(count).keys()].filter(
      (row) =>
        (!chosen.clause.value || String(rows.clause[row]) === chosen.clause.value) &&
        (!chosen.verdict.value || verdictOf(row) === chosen.verdict.value) &&
        (!chosen.severity.value || String(rows.severity[row]) === chosen.severity.value) &&
        (!wanted || hay(row).includes(wanted)),
    );
    if (state.sorted >= 0) {
      const value = columns[state.sorted][1];
      const values = new Map(state.order.map((row) => [row, value(row)]));
      state.order.sort((one, other) => compare(values.get(one), values.get(other)) || one - other);
    }
    state.page = 0;
    render();
  };
  const table = byId("table");
  const render = () => {
    const pages = Math.max(1, Math.ceil(state.order.length / PAGE)),
      first = state.page * PAGE,
      shown = state.order.slice(first, first + PAGE);
    const opens = [];
    const lines = shown.map((row) => {
      const line = el("tr", {});
      const [button, set] = opener(row, line, columns.length, state.opened);
      line.append(el("th", { scope: "row", class: ticketOf(row).length <= 24 ? "keep" : null }, button), ...cells(row));
      if (state.opened.has(row)) opens.push(set);
      return line;
    });
    table.tBodies[0].replaceChildren(...lines);
    opens.forEach((set) => set(true));
    const many = (number) => number.toLocaleString("en-US");
    byId("found").textContent = state.order.length
      ? `${many(first + 1)} to ${many(first + shown.length)} of ${many(state.order.length)} rows${state.order.length < count ? `, out of ${many(count)}` : ""}.`
      : "No row matches; empty the search or choose all.";
    byId("page").textContent = `Page ${many(state.page + 1)} of ${many(pages)}`;
    byId("before").disabled = state.page === 0;
    byId("after").disabled = state.page >= pages - 1;
  };
  const heads = columns.map(([name], place) => {
    const button = el("button", { type: "button" }, name);
    const head = el("th", { scope: "col", class: place > 6 ? "num" : null }, button);
    button.addEventListener("click", () => {
      state.down = state.sorted === place && !state.down;
      state.sorted = place;
      heads.forEach((each, at) =>
        at === place
          ? each.setAttribute("aria-sort", state.down ? "descending" : "ascending")
          : each.removeAttribute("aria-sort"),
      );
      choose();
    });
    return head;
  });
  table.tHead.rows[0].append(...heads);
  data.clauses.forEach((clause, place) => {
    if (rows.clause.includes(place)) chosen.clause.append(el("option", { value: place }, clause.title));
  });
  data.verdicts.forEach((verdict, place) => {
    if (rows.verdict.includes(place)) chosen.verdict.append(el("option", { value: verdict }, verdict));
  });
  [...new Set(rows.severity)]
    .filter((code) => code >= 0)
    .sort((one, other) => collator.compare(word(one), word(other)))
    .forEach((code) => chosen.severity.append(el("option", { value: code }, word(code))));
  let waiting = 0;
  byId("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(choose, 120);
  });
  Object.values(chosen).forEach((select) => select.addEventListener("change", choose));
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  const turn = (by) => {
    state.page += by;
    render();
    table.scrollIntoView({ block: "start" });
  };
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));
  render();
})();
