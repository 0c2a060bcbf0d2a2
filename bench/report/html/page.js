"use strict";
/* Sorting of tables, the choice of every row, one row in full. The page is whole without it. */
(function () {
  var ROW = 30; /* height of a row of the window, as in the style */
  var COLUMNS = ["No.", "Device", "Row", "Type", "Algorithm", "Status", "Time", "Rate", "Energy of a launch", "Reason"];
  var NUMERIC = {0: 1, 6: 1, 7: 1, 8: 1};
  /* Places in a row of the data. */
  var D = {device: 0, status: 1, label: 2, suite: 3, dtype: 4, algorithm: 5, reason: 6, median: 7, low: 8, high: 9,
    rate: 10, joule: 11, scope: 12, ceiling: 13, memory: 14, verified: 15};
  var LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /* An element with a text; never markup: what is in a record stays a text. */
  function make(tag, text, kind) {
    var element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }

  /* Three digits and the unit that fits. */
  function scaled(value, units) {
    if (value === null) return "\u2013";
    var best = units[0];
    units.forEach(function (unit) { if (value >= unit[0]) best = unit; });
    return Number((value / best[0]).toPrecision(4)) + " " + best[1];
  }
  var TIME = [[1, "ns"], [1e3, "us"], [1e6, "ms"], [1e9, "s"]];
  var FLOPS = [[1e9, "GFLOP/s"], [1e12, "TFLOP/s"], [1e15, "PFLOP/s"]];
  var BYTES = [[1e6, "MB/s"], [1e9, "GB/s"]];
  var JOULE = [[1e-9, "nJ"], [1e-6, "uJ"], [1e-3, "mJ"], [1, "J"], [1e3, "kJ"]];

  /* Tables that are there already. */
  function sortable(table) {
    var heads = table.tHead.rows[0].cells, body = table.tBodies[0];
    Array.prototype.forEach.call(heads, function (head, column) {
      var button = make("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.slice.call(body.rows);
        rows.sort(function (a, b) { return (down ? -1 : 1) * compare(valueOf(a.cells[column]), valueOf(b.cells[column])); });
        rows.forEach(function (row) { body.appendChild(row); });
      });
    });
  }
  function valueOf(cell) {
    if (!cell) return null;
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.classList.contains("na") ? null : cell.textContent;
  }
  function compare(a, b) {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
  }

  /* Every row, of which a window is in the page. */
  function browser(data, home) {
    var rows = data.rows, texts = data.texts, order = rows.map(function (_, i) { return i; });
    var words = data.words, sorted = -1, down = false, first = -1;
    function say(word) { return words[word] || word; }
    function cellText(i, column) {
      var row = rows[i];
      switch (column) {
        case 0: return String(i + 1);
        case 1: return data.devices[row[D.device]][0];
        case 2: return texts[row[D.label]] || "";
        case 3: return texts[row[D.dtype]] || "";
        case 4: return texts[row[D.algorithm]] || "\u2013";
        case 5: return data.statuses[row[D.status]];
        case 6: return scaled(row[D.median], TIME);
        case 7: return scaled(row[D.rate], row[D.memory] ? BYTES : FLOPS);
        case 8: return scaled(row[D.joule], JOULE);
        default: return texts[row[D.reason]] || "";
      }
    }
    function key(i, column) {
      var row = rows[i];
      return column === 0 ? i : column === 6 ? row[D.median] : column === 7 ? row[D.rate] : column === 8 ? row[D.joule]
        : cellText(i, column);
    }

    var tools = make("div", null, "tools"), input = make("input"), device = make("select"), status = make("select");
    var count = make("span", null, "note");
    input.type = "search";
    input.placeholder = say("Filter rows by any text");
    input.setAttribute("aria-label", say("Filter rows by any text"));
    device.setAttribute("aria-label", say("Device"));
    status.setAttribute("aria-label", say("Status"));
    count.setAttribute("role", "status");
    function option(list, value, text) { var one = make("option", text); one.value = value; list.appendChild(one); }
    option(device, "", say("All devices"));
    data.devices.forEach(function (one, i) { option(device, i, (one[1] ? say("SIMULATED") + " " : "") + one[0]); });
    option(status, "", say("All statuses"));
    data.statuses.forEach(function (one, i) { if (i) option(status, i, one); });
    [input, device, status, count].forEach(function (one) { tools.appendChild(one); });

    var frame = make("div", null, "window"), table = make("table"), head = table.createTHead().insertRow();
    var body = table.createTBody(), one = make("div", null, "one");
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", say("Rows"));
    one.hidden = true;
    COLUMNS.forEach(function (name, column) {
      var th = make("th", null, NUMERIC[column] ? "n" : ""), button = make("button", say(name));
      th.scope = "col";
      button.type = "button";
      button.addEventListener("click", function () {
        down = sorted === column && !down;
        sorted = column;
        Array.prototype.forEach.call(head.cells, function (cell) { cell.removeAttribute("aria-sort"); });
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        choose();
      });
      th.appendChild(button);
      head.appendChild(th);
    });

    function matches(i, wanted) {
      var row = rows[i];
      if (device.value !== "" && row[D.device] !== Number(device.value)) return false;
      if (status.value !== "" && row[D.status] !== Number(status.value)) return false;
      return wanted === "" || [D.label, D.suite, D.dtype, D.algorithm, D.reason].some(function (place) {
        var text = texts[row[place]];
        return text && text.toLowerCase().indexOf(wanted) >= 0;
      }) || moreOf(i)[0].toLowerCase().indexOf(wanted) >= 0;
    }
    function choose() {
      var wanted = input.value.trim().toLowerCase();
      order = [];
      for (var i = 0; i < rows.length; i++) if (matches(i, wanted)) order.push(i);
      /* What is simulated stands behind all real rows: the two are in no ranking together. */
      var keys = sorted < 0 ? null : order.reduce(function (map, i) { return map.set(i, key(i, sorted)); }, new Map());
      order.sort(function (a, b) {
        return data.devices[rows[a][D.device]][1] - data.devices[rows[b][D.device]][1] ||
          (keys ? (down ? -1 : 1) * compare(keys.get(a), keys.get(b)) : 0) || a - b;
      });
      count.textContent = order.length + " / " + rows.length + " " + say("rows shown");
      first = -1;
      draw();
    }
    function pad(height) {
      var row = make("tr", null, "pad"), cell = row.insertCell();
      cell.colSpan = COLUMNS.length;
      cell.height = height;
      row.setAttribute("aria-hidden", "true");
      return row;
    }
    function line(i) {
      var row = make("tr");
      COLUMNS.forEach(function (_, column) {
        var cell = row.insertCell();
        if (column === 1 && data.devices[rows[i][D.device]][1]) {
          cell.appendChild(make("strong", say("SIMULATED"), "sim"));
          cell.appendChild(document.createTextNode(" "));
        }
        cell.appendChild(document.createTextNode(cellText(i, column)));
        cell.title = cell.textContent;
        if (NUMERIC[column]) cell.className = "n";
      });
      row.tabIndex = 0;
      row.addEventListener("click", function () { open(i, row); });
      row.addEventListener("keydown", function (event) { if (event.key === "Enter") open(i, row); });
      return row;
    }
    /* Browsers stop at some millions of pixels: 100,000 rows of 30 are well below. */
    function draw() {
      var from = Math.max(0, Math.floor(frame.scrollTop / ROW) - 10), shown = Math.ceil(frame.clientHeight / ROW) + 20;
      if (from === first) return;
      first = from;
      var to = Math.min(order.length, from + shown), made = document.createDocumentFragment();
      made.appendChild(pad(from * ROW));
      for (var i = from; i < to; i++) made.appendChild(line(order[i]));
      made.appendChild(pad((order.length - to) * ROW));
      body.textContent = "";
      body.appendChild(made);
    }

    /* Problem and samples of a row: a JSON string, a tab, both ends and two letters a sample. */
    var more = null;
    function moreOf(i) {
      if (!more) more = document.getElementById("more").textContent.split("\n");
      return more[i + 1].split("\t");
    }
    function samplesOf(i) {
      var parts = moreOf(i)[1].split(","), median = rows[i][D.median], values = [];
      if (parts.length < 3) return values;
      var low = Number(parts[0]), span = Number(parts[1]) - low, code = parts[2];
      for (var at = 0; at + 1 < code.length; at += 2) {
        var step = LETTERS.indexOf(code[at]) * 64 + LETTERS.indexOf(code[at + 1]);
        values.push(median * (1 + (low + span * step / 4095) / 1e6));
      }
      return values;
    }
    function strip(values) {
      var space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
      var low = Math.min.apply(null, values), high = Math.max.apply(null, values), span = high - low || 1;
      svg.setAttribute("class", "strip");
      svg.setAttribute("viewBox", "0 0 600 60");
      svg.setAttribute("preserveAspectRatio", "none");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", say("Samples, ns a launch"));
      values.forEach(function (value, i) {
        var dot = document.createElementNS(space, "circle");
        dot.setAttribute("cx", 5 + 590 * i / Math.max(1, values.length - 1));
        dot.setAttribute("cy", 54 - 48 * (value - low) / span);
        dot.setAttribute("r", 3);
        svg.appendChild(dot);
      });
      return svg;
    }
    function open(i, element) {
      var row = rows[i], list = make("dl"), values = samplesOf(i), close = make("button", say("Close"));
      function add(name, text) { if (text) { list.appendChild(make("dt", say(name))); list.appendChild(make("dd", text)); } }
      Array.prototype.forEach.call(body.rows, function (other) { other.removeAttribute("aria-selected"); });
      if (element) element.setAttribute("aria-selected", "true");
      add("Row", cellText(i, 2));
      add("Device", (data.devices[row[D.device]][1] ? say("SIMULATED") + " " : "") + cellText(i, 1));
      add("Problem", JSON.parse(moreOf(i)[0]));
      add("Suite", texts[row[D.suite]]);
      add("Algorithm", texts[row[D.algorithm]]);
      add("Status", cellText(i, 5));
      add("Reason", texts[row[D.reason]]);
      add("Verified", say(row[D.verified] ? "yes" : "no"));
      add("Time", row[D.median] === null ? "" : cellText(i, 6));
      add("95 % interval", row[D.low] === null ? "" : scaled(row[D.low], TIME) + " \u2013 " + scaled(row[D.high], TIME));
      add("Rate", row[D.rate] === null ? "" : cellText(i, 7));
      add("Of measured ceiling", row[D.ceiling] === null ? "" : (row[D.ceiling] * 100).toFixed(1) + " %");
      add("Energy of a launch", row[D.joule] === null ? "" : cellText(i, 8) + " (" + texts[row[D.scope]] + ")");
      one.textContent = "";
      one.appendChild(list);
      if (values.length) {
        one.appendChild(make("h3", say("Samples, ns a launch") + " (" + values.length + ")"));
        one.appendChild(strip(values));
        one.appendChild(make("p", values.map(function (value) { return Number(value.toPrecision(6)); }).join(" "), "note"));
      }
      close.type = "button";
      close.addEventListener("click", function () { one.hidden = true; frame.focus(); });
      one.appendChild(close);
      one.hidden = false;
    }

    var waiting = 0;
    input.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(choose, 150); });
    device.addEventListener("change", choose);
    status.addEventListener("change", choose);
    frame.addEventListener("scroll", function () { requestAnimationFrame(draw); });
    frame.appendChild(table);
    [tools, frame, one].forEach(function (part) { home.appendChild(part); });
    home.hidden = false;
    choose();
  }

  Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), sortable);
  var data = document.getElementById("data"), home = document.getElementById("all-rows");
  if (data && home) {
    browser(JSON.parse(data.textContent), home);
    document.getElementById("first-rows").className = "printed";
  }
})();
