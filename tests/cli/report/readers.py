"""Readers of text formats, written from the formats' own descriptions."""
import html
import re


def read_go(text):
    """Go's benchmark format (go.dev/design/14313-benchmark-format): (configuration, name, iterations, {unit: value}) of each
    result, and {unit: {key: value}}; a malformed line is an error, one of neither kind is passed over."""
    config, results, units = {}, [], {}
    for line in text.split("\n"):
        assert len(line.encode()) < 65536, "longer than Go's scanner takes"
        if line.startswith("Benchmark"):
            fields = line.split()
            assert re.fullmatch(r"Benchmark[^a-z\s]\S*", fields[0]), fields[0]
            assert re.fullmatch(r"[1-9][0-9]*", fields[1]), line
            assert len(fields) >= 4 and len(fields) % 2 == 0, line
            values = {unit: float(value) for value, unit in zip(fields[2::2], fields[3::2])}
            assert len(values) == len(fields) // 2 - 1, "a unit twice"
            results.append((dict(config), fields[0], int(fields[1]), values))
        elif line.split()[:1] == ["Unit"]:
            unit, *pairs = line.split()[1:]
            for pair in pairs:
                key, equals, value = pair.partition("=")
                assert key and equals and units.setdefault(unit, {}).setdefault(key, value) == value, line
        elif match := re.fullmatch(r"([^\s:A-Z]+):(?:[ \t]+(.*))?", line):
            key, value = match.group(1), match.group(2) or ""
            if not key[0].islower():
                continue
            config.pop(key, None)
            if value:
                config[key] = value
    return results, units


def read_table(text):
    """The first table of a GitHub Markdown text: its cells, as shown. Anything that HTML, links or entities could be is an
    error: names stand in code spans."""
    rows = []
    for line in text.split("\n"):
        if not line.startswith("|"):
            if rows:
                break
            continue
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        for cell in cells:
            assert cell.count("`") % 2 == 0, cell
            outside = re.sub(r"`[^`]*`", "", cell)
            assert not re.search(r"[<>&\[\]!@#\\]|://|:\w+:", outside.replace(":--", "").replace("--:", "")), cell
        rows.append([re.sub(r"[`*]", "", html.unescape(cell)).strip() for cell in cells])
    heading, rule, *body = rows
    assert all(re.fullmatch(r":?-+:?", cell) for cell in rule), rule
    for cells in body:
        assert len(cells) == len(heading), cells
    return heading, body
