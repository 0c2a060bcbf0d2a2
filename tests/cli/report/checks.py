"""What the tests of report share: made-up records, and for each format a check by a reader that is not ours."""
import csv
import io
import json
import pathlib
import random
import subprocess

import support
import schemas
from many_rows import head, row_of
from readers import read_go, read_table

FORMATS = {"markdown": ".md", "csv": ".csv", "junit": ".xml", "google-benchmark": ".gbench.json",
           "github-smaller": ".smaller.json", "github-bigger": ".bigger.json", "bencher": ".bmf.json",
           "go-benchmark": ".txt", "openmetrics": ".prom"}
SHOWN = ("ok", "unstable")


def made_up(count=120, samples=12, seed=1):
    """Rows of every status, as dictionaries of the record."""
    numbers = random.Random(seed)
    rows = [row_of(numbers, number, samples) for number in range(count)]
    statuses = ["unstable", "unsupported", "unavailable", "wrong", "suspect", "error", "timeout", "skipped"]
    for status, row in zip(statuses, rows[10::7]):
        row["status"] = status
        row["reason"] = f"made up {status}"
    return rows


def lines_of(rows, seed=1):
    return "".join(json.dumps({**head("op", seed), **row}, ensure_ascii=False) + "\n" for row in rows)


def has_time(row):
    return row["status"] in SHOWN and "time" in row


def is_simulated(row):
    return row["subject"]["simulated"]


def joules(row):
    return row["energy"][0]["joule_per_run"]


def flop_per_s(row):
    return row["rate"]["flop_per_s"]


def median(row):
    return row["time"]["host"]["median_ns"]


class Report(support.Case):
    maxDiff = 4000

    def record(self, rows, name="r.jsonl"):
        return self.write(name, lines_of(rows))

    def report(self, name, *files, **more):
        """The text of a format, written to a file."""
        out = self.path("out" + FORMATS[name])
        self.expect(0, "report", *files, "-o", out, "-q", **more)
        return pathlib.Path(out).read_bytes().decode("utf-8", "strict")

    def tool(self, *words):
        try:
            return subprocess.run(words, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            self.skipTest(f"{words[0]} is not installed")

    def validate_json(self, schema, text):
        import jsonschema

        def once(pairs):
            keys = [key for key, _ in pairs]
            self.assertEqual(len(keys), len(set(keys)), "a key twice")
            return dict(pairs)

        value = json.loads(text, object_pairs_hook=once, parse_constant=self.fail)
        kind = jsonschema.validators.validator_for({"$schema": "http://json-schema.org/draft-07/schema#"})
        kind.check_schema(schema)
        errors = [f"{list(e.path)}: {e.message[:300]}" for e in kind(schema).iter_errors(value)]
        self.assertEqual(errors, [])
        return value

    # Each reads an export of the rows of `rows` and compares what is in it.

    def check_csv(self, text, rows):
        table = list(csv.reader(io.StringIO(text), strict=True))
        heading, body = table[0], table[1:]
        self.assertEqual(len(heading), len(set(heading)))
        self.assertEqual(sorted(len(cells) for cells in body), [len(heading)] * len(rows))
        by_id = {cells[heading.index("row.id")]: dict(zip(heading, cells)) for cells in body}
        self.assertEqual(len(by_id), len(rows))
        for cells in body:
            for cell in cells:
                self.assertNotIn(cell.lstrip(" ")[:1], ("=", "+", "@", "\t", "\r"), cell)
                self.assertTrue(not cell.lstrip(" ").startswith("-") or self.is_number(cell), cell)
        for row in rows:
            cells = by_id[row["row"]["id"]]
            self.assertEqual(cells["status"], row["status"])
            self.assertEqual(cells["subject.simulated"], "true" if is_simulated(row) else "false")
            if has_time(row):
                scope = row["energy"][0]["scope"]
                self.assertEqual(float(cells["time.host.median_ns"]), median(row))
                self.assertEqual(float(cells[f"energy.{scope}.joule_per_run"]), joules(row))
                self.assertEqual([float(n) for n in cells["time.samples_ns"].split()], row["time"]["samples_ns"])

    def is_number(self, text):
        try:
            float(text)
            return True
        except ValueError:
            return False

    def check_markdown(self, text, rows):
        heading, body = read_table(text)
        self.assertEqual(heading[0], "Work")
        self.assertEqual(len(body), len(rows))
        self.assertEqual(sum("SIMULATED" in cells[1] for cells in body), sum(map(is_simulated, rows)))
        self.assertEqual(sum(cells[2] == "–" for cells in body), sum(not has_time(row) for row in rows))
        for status in ("wrong", "timeout"):
            self.assertEqual(sum(cells[5].split()[0] == status for cells in body),
                             sum(row["status"] == status for row in rows))

    def check_junit(self, text, rows):
        path = self.write("junit.xml", text)
        schema = pathlib.Path(__file__).parent / "junit.xsd"
        done = self.tool("xmllint", "--nonet", "--noout", "--schema", str(schema), path)
        self.assertEqual(done.returncode, 0, done.stderr[:2000])
        import xml.etree.ElementTree as tree

        root = tree.fromstring(text)
        cases = root.findall("testsuite/testcase")
        self.assertEqual(int(root.get("tests")), len(rows))
        self.assertEqual(len(cases), len(rows))
        counts = {"failure": ("wrong", "suspect"), "error": ("error", "timeout"),
                  "skipped": ("unsupported", "unavailable", "skipped")}
        for element, statuses in counts.items():
            found = [case.find(element) for case in cases if case.find(element) is not None]
            self.assertEqual(len(found), sum(row["status"] in statuses for row in rows), element)
            attribute = {"failure": "failures", "error": "errors", "skipped": "skipped"}[element]
            self.assertEqual(int(root.find("testsuite").get(attribute)), len(found))
            for each in found:
                self.assertIn(each.get("message").split(":")[0], statuses)
        timed = [float(case.get("time")) for case in cases if case.get("time")]
        self.assertEqual(sorted(timed), sorted(round(median(row)) / 1e9 for row in rows if has_time(row)))
        exact = [float(each.get("value")) for each in root.iter("property") if each.get("name") == "time_ns"]
        self.assertEqual(sorted(exact), sorted(median(row) for row in rows if has_time(row)))
        marked = [case for case in cases if "[SIMULATED]" in case.get("name") and "[SIMULATED]" in case.get("classname")]
        self.assertEqual(len(marked), sum(map(is_simulated, rows)))

    def check_google(self, text, rows):
        entries = self.validate_json(schemas.GOOGLE, text)["benchmarks"]
        medians = [entry for entry in entries if entry["run_type"] == "aggregate"]
        timed = [row for row in rows if has_time(row)]
        self.assertEqual(sorted(entry["real_time"] for entry in medians), sorted(map(median, timed)))
        joule = [value for entry in medians for key, value in entry.items() if key.startswith("joule_per_run{scope=")]
        self.assertEqual(sorted(joule), sorted(map(joules, timed)))
        self.assertEqual(sum("error_occurred" in entry for entry in entries), len(rows) - len(timed))
        rounds = [entry["real_time"] for entry in entries if entry["run_type"] == "iteration" and "real_time" in entry]
        self.assertEqual(sorted(rounds), sorted(r["median_ns"] for row in timed for r in row["time"]["by_round"]))
        self.assertEqual(len({entry["run_name"] for entry in entries}), len(rows))
        for entry in entries:
            marks = {"[SIMULATED]" in entry["run_name"], entry.get("label") == "SIMULATED", entry.get("simulated") == 1}
            self.assertEqual(len(marks), 1, entry)

    def check_smaller(self, text, rows):
        entries = self.validate_json(schemas.GITHUB, text)
        timed = [row for row in rows if has_time(row)]
        self.assertEqual(len({entry["name"] for entry in entries}), len(entries))
        self.assertEqual(sorted(e["value"] for e in entries if e["unit"] == "ns"), sorted(map(median, timed)))
        self.assertEqual(sorted(e["value"] for e in entries if "joule_per_run{scope=" in e["name"]),
                         sorted(map(joules, timed)))
        self.assertEqual(sum("[SIMULATED]" in e["name"] for e in entries), 2 * sum(map(is_simulated, timed)))

    def check_bigger(self, text, rows):
        entries = self.validate_json(schemas.GITHUB, text)
        self.assertEqual(sorted(e["value"] for e in entries), sorted(flop_per_s(row) for row in rows if has_time(row)))
        self.assertTrue(all(e["range"].startswith("± ") for e in entries))

    def check_bencher(self, text, rows):
        benchmarks = self.validate_json(schemas.BENCHER, text)
        timed = [row for row in rows if has_time(row)]
        self.assertEqual(sorted(m["latency"]["value"] for m in benchmarks.values()), sorted(map(median, timed)))
        joule = [m[key]["value"] for m in benchmarks.values() for key in m if key.startswith("joule-per-run-")]
        self.assertEqual(sorted(joule), sorted(map(joules, timed)))
        self.assertEqual(sum("[SIMULATED]" in name for name in benchmarks), sum(map(is_simulated, timed)))
        for measures in benchmarks.values():
            for metric in measures.values():
                self.assertLessEqual(metric["lower_value"], metric["value"])
                self.assertLessEqual(metric["value"], metric["upper_value"])

    def check_go(self, text, rows):
        results, units = read_go(text)
        timed = [row for row in rows if has_time(row)]
        self.assertEqual(sorted(values["ns/op"] for _, _, _, values in results),
                         sorted(r["median_ns"] for row in timed for r in row["time"]["by_round"]))
        joule = [value for _, _, _, values in results for unit, value in values.items() if unit.endswith("-J/op")]
        self.assertEqual(sorted(joule), sorted(map(joules, timed)))
        self.assertEqual(units, {"ns/op": {"better": "lower"}, "FLOP/s": {"better": "higher"},
                                 "OP/s": {"better": "higher"}, "B/s": {"better": "higher"}})
        for config, name, _, _ in results:
            self.assertEqual("/SIMULATED-" in name, config.get("simulated") == "true", name)
            self.assertRegex(name, r"-[0-9]+$")
            self.assertLessEqual(set(config), {"run", "device", "device-name", "backend", "implementation", "simulated"})
        self.assertEqual(sum(config.get("simulated") == "true" for config, _, _, _ in results),
                         3 * sum(map(is_simulated, timed)))

    def check_openmetrics(self, text, rows):
        try:
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
            from prometheus_client.parser import text_string_to_metric_families as parse_older
        except ImportError:
            self.skipTest("needs Python's prometheus_client (Debian: python3-prometheus-client)")
        families = {family.name: family for family in parse(text)}
        timed = [row for row in rows if has_time(row)]
        values = {name: sorted(sample.value for sample in family.samples) for name, family in families.items()}
        self.assertEqual(values["steelyard_launch_seconds"], sorted(median(row) / 1e9 for row in timed))
        self.assertEqual(values["steelyard_energy_joule_per_run"], sorted(map(joules, timed)))
        self.assertEqual(families["steelyard_launch_seconds"].unit, "seconds")
        self.assertEqual(len(families["steelyard_row_info"].samples), len(rows))
        for family in families.values():
            for sample in family.samples:
                self.assertIn(sample.labels["simulated"], ("true", "false"))
        scopes = {sample.labels["scope"] for sample in families["steelyard_energy_joule_per_run"].samples}
        self.assertEqual(scopes, {row["energy"][0]["scope"] for row in timed})
        why = [s.labels["reason"] for s in families["steelyard_row_info"].samples if s.labels["status"] not in SHOWN]
        self.assertTrue(all(why))
        self.assertEqual(sum(s.value for s in families["steelyard_rows"].samples), len(rows))
        older = {family.name for family in parse_older(text)}
        self.assertLessEqual(set(families), older)

    CHECKS = {"markdown": check_markdown, "csv": check_csv, "junit": check_junit, "google-benchmark": check_google,
              "github-smaller": check_smaller, "github-bigger": check_bigger, "bencher": check_bencher,
              "go-benchmark": check_go, "openmetrics": check_openmetrics}

    def check_all(self, rows):
        path = self.record(rows)
        for name, check in self.CHECKS.items():
            with self.subTest(name):
                text = self.report(name, path)
                for character in text:
                    self.assertFalse(ord(character) < 32 and character != "\n", repr(character))
                    self.assertNotIn(character, "\x7f\x85\x9b\u2028\u2029\u202e\u2066\u2069\ufeff\ufffe\uffff")
                check(self, text, rows)
