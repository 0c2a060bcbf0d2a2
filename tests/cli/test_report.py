"""report: every format read by an independent reader, whatever names are in the record."""
import csv
import importlib.util
import io
import json
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent / "report"),
                str(pathlib.Path(__file__).parents[1] / "support")]
import support  # noqa: E402
import schemas  # noqa: E402
from attacks import ATTACKS  # noqa: E402
from checks import FORMATS, Report, has_time, lines_of, made_up, median  # noqa: E402
from many_rows import head  # noqa: E402
from readers import read_go, read_table  # noqa: E402


class Formats(Report):
    def test_what_is_written_is_what_was_recorded(self):
        self.check_all(made_up())

    def test_hostile_names_stay_names(self):
        rows = made_up(len(ATTACKS) * 3)
        for number, row in enumerate(rows):
            name = ATTACKS[number // 3]
            row["origin"].update(name=name, suite=name, phase=name)
            row["subject"]["device"].update(name=name, vendor=name, physical_id=name)
            row["subject"].update(algorithm=name, backend=name)
            row["row"]["request"] = {"device": name, "algorithm": name}
            row["energy_reason"] = name
            row["check"] = {"status": "ok", "smallest_fault": name, "math": name}
            for entry in row.get("energy", []):
                entry["source"] = name
            if not has_time(row):
                row["reason"] = name
        self.check_all(rows)

    def test_hostile_problems_and_scopes_stay_in_their_place(self):
        rows = made_up(len(ATTACKS))
        for attack, row in zip(ATTACKS, rows):
            row["key"]["problem"] = attack
            row["key"]["data"] = attack
            if "energy" in row:
                row["energy"][0]["scope"] = attack
        path = self.record(rows)
        for name in ("google-benchmark", "github-smaller", "bencher"):
            schema = {"google-benchmark": schemas.GOOGLE, "github-smaller": schemas.GITHUB, "bencher": schemas.BENCHER}[name]
            self.validate_json(schema, self.report(name, path))
        read_go(self.report("go-benchmark", path))
        read_table(self.report("markdown", path))
        self.assertEqual(len(list(csv.reader(io.StringIO(self.report("csv", path)), strict=True))), len(rows) + 1)
        done = self.tool("xmllint", "--noout", self.write("x.xml", self.report("junit", path)))
        self.assertEqual(done.returncode, 0, done.stderr[:1000])

    def test_integers_are_operations(self):
        rows = made_up(3)
        for row in rows:
            row["key"]["problem"] = row["key"]["problem"].replace("bf16:bf16:bf16:f32", "s8:s8:s32:s32")
        path = self.record(rows)
        self.assertEqual({e["unit"] for e in json.loads(self.report("github-bigger", path))}, {"OP/s"})
        self.assertTrue(all("OP/s" in values for _, _, _, values in read_go(self.report("go-benchmark", path))[0]))
        self.assertIn("TOP/s", self.report("markdown", path))

    def test_a_record_without_rows_gives_valid_files(self):
        path = self.write("r.jsonl", json.dumps({**head("environment", 1), "environment": {}}) + "\n")
        for name in ("google-benchmark", "github-smaller", "github-bigger", "bencher"):
            json.loads(self.report(name, path))
        self.assertIn("No rows", self.report("markdown", path))
        self.assertEqual(self.report("csv", path).count("\n"), 1)
        self.assertTrue(self.report("openmetrics", path).endswith("# EOF\n"))
        self.assertEqual(read_go(self.report("go-benchmark", path))[0], [])
        import xml.etree.ElementTree as tree

        self.assertEqual(tree.fromstring(self.report("junit", path)).get("tests"), "0")

    def test_numbers_do_not_follow_the_locale(self):
        path = self.record(made_up(6))
        for name in FORMATS:
            self.assertEqual(self.report(name, path, env={"LC_ALL": "de_DE.UTF-8"}), self.report(name, path))

    def test_what_is_not_valid_is_nowhere_a_number(self):
        rows = made_up(3)
        for row in rows:
            row["energy"][0].update(valid=False, reasons=["alias"], joule_per_run=123456789.0)
        path = self.record(rows)
        for name in FORMATS:
            self.assertNotIn("123456789", self.report(name, path), name)


class Files(Report):
    def test_several_files_are_one_list(self):
        rows = made_up(12)
        rows[3].update(status="skipped", reason="budget")
        again = json.loads(json.dumps(rows[3]))
        again.update(status="ok")
        self.write("a.jsonl", lines_of(rows))
        self.write("b.jsonl", lines_of([rows[0], again]))
        self.write("c.jsonl", lines_of(rows[:2], seed=2))
        out, err = self.expect(0, "report", self.path("a.jsonl"), self.path("b.jsonl"), self.path("c.jsonl"), "--format", "csv")
        self.assertRegex(err, r"^14 rows, .*; 2 were there already\n$")
        statuses = [cells["status"] for cells in csv.DictReader(io.StringIO(out))]
        self.assertEqual(len(statuses), 14)
        self.assertNotIn("skipped", statuses)
        out, _ = self.expect(0, "report", self.path("b.jsonl"), self.path("a.jsonl"), "--format", "csv")
        self.assertNotIn("skipped", [cells["status"] for cells in csv.DictReader(io.StringIO(out))])
        names = json.loads(self.report("bencher", self.path("a.jsonl"), self.path("c.jsonl")))
        self.assertEqual(len(names), 13)

    def test_what_github_keeps_is_read_back(self):
        path = self.record(made_up(12))
        smaller, bigger = (self.write(f"a.{which}.json", self.report(f"github-{which}", path)) for which in ("smaller", "bigger"))
        out, err = self.expect(0, "report", smaller, bigger, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        timed = [float(row["time.host.median_ns"]) for row in rows if row["time.host.median_ns"]]
        self.assertEqual(sorted(timed), sorted(median(row) for row in made_up(12) if has_time(row)))
        self.assertIn("12 values are in units that no row has", err)
        self.assertEqual(sum(row["subject.simulated"] == "true" for row in rows), 8)
        runs = [{"commit": {"id": f"c{n}"}, "date": 1700000000000 + n, "tool": "customSmallerIsBetter",
                 "benches": json.loads(pathlib.Path(smaller).read_text())} for n in range(3)]
        page = self.write("data.js", "window.BENCHMARK_DATA = " + json.dumps({"entries": {"Steelyard": runs}}))
        out, _ = self.expect(0, "report", page, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual(len(rows), 36)
        self.assertEqual(len({row["run_id"] for row in rows}), 3)
        self.assertEqual(len({row["key_hash"] for row in rows}), 4)
        self.refuse(2, "not data of github-action-benchmark", "report", self.write("x.js", "alert(1)"), "--format", "csv")

    def test_what_is_no_text_is_refused(self):
        path = self.write("r.jsonl", lines_of(made_up(1)).encode().replace(b"made-up.m1", b"made\xff\xfe"))
        self.refuse(2, "r.jsonl:1", "report", path, "--format", "csv")

    def test_skipped_rows_come_last(self):
        rows = made_up(6)
        rows[0].update(status="skipped", reason="budget")
        out, _ = self.expect(0, "report", self.record(rows), "--format", "csv", "-o", "-")
        self.assertEqual([c["status"] for c in csv.DictReader(io.StringIO(out))], ["ok"] * 5 + ["skipped"])

    def test_a_file_is_whole_or_as_it_was(self):
        good, out = self.record(made_up(6)), self.write("m.prom", "as it was\n")
        bad = self.write("bad.jsonl", lines_of(made_up(6)) + "{}\n")
        self.refuse(2, "bad.jsonl:7", "report", bad, "-o", out)
        self.assertEqual(pathlib.Path(out).read_text(), "as it was\n")
        self.expect(0, "report", good, "-o", out)
        self.assertTrue(pathlib.Path(out).read_text().endswith("# EOF\n"))
        self.assertEqual(sorted(p.name for p in self.folder.glob("*m.prom*")), ["m.prom"])

    def test_every_failing_call_leaves_what_was_there(self):
        path, out = self.record(made_up(4)), self.write("m.prom", "as it was\n")
        for kind, calls in ("alloc", 60), ("file", 16):
            failed = 0
            for k in range(1, calls):
                status, _, err = self.run_program("report", path, "-o", out, "-q", env={"STEELYARD_FAULT": f"{kind}:{k}"})
                text = pathlib.Path(out).read_text()
                self.assertTrue(text.endswith("# EOF\n") if status == 0 else text == "as it was\n", (kind, k))
                self.assertEqual(err.count("\n"), int(status != 0), err)
                self.assertEqual(sorted(p.name for p in self.folder.glob("*m.prom*")), ["m.prom"])
                failed += status != 0
                self.write("m.prom", "as it was\n")
            self.assertGreater(failed, 3, kind)

    def test_an_input_is_never_written_over(self):
        path = self.record(made_up(4))
        before = pathlib.Path(path).read_bytes()
        self.refuse(2, "one of the files to read", "report", path, "-o", path, "--format", "csv")
        self.assertEqual(pathlib.Path(path).read_bytes(), before)

    def test_mistakes_are_told(self):
        path = self.record(made_up(2))
        self.refuse(2, "needs a format", "report", path)
        self.refuse(2, r"\.junit\.xml.*--format", "report", path, "-o", self.path("x.json"))
        self.refuse(2, "'report' has no --format 'table'", "report", path, "--format", "table")
        self.refuse(2, "'show' has no --format 'junit'", "show", path, "--format", "junit")
        self.refuse(2, "needs FILE", "report")
        self.refuse(2, "nothing.jsonl", "report", self.path("nothing.jsonl"), "-o", self.path("x.csv"))
        self.assertFalse(pathlib.Path(self.path("x.csv")).exists())
        self.refuse(2, "no-folder", "report", path, "-o", self.path("no-folder/x.csv"))

    def test_every_ending_means_its_format(self):
        path = self.record(made_up(5))
        for name, ending in FORMATS.items():
            out, _ = self.expect(0, "report", path, "--format", name, "--step-summary", "off")
            self.assertEqual(self.report(name, path), out, (name, ending))

    def test_the_page_of_a_job(self):
        path, page = self.record(made_up(5)), self.write("page.md", "before\n")
        job = {"GITHUB_STEP_SUMMARY": page}
        out, _ = self.expect(0, "report", path, "--format", "markdown", env=job)
        self.assertEqual(pathlib.Path(page).read_text(), "before\n" + out)
        self.expect(0, "report", path, "--format", "csv", env=job)
        self.expect(0, "report", path, "--format", "markdown", "--step-summary", "off", env=job)
        self.expect(0, "report", path, "--format", "markdown", env={**job, "STEELYARD_STEP_SUMMARY": "off"})
        self.assertEqual(pathlib.Path(page).read_text(), "before\n" + out)

    def test_the_page_of_a_job_has_room_for_a_megabyte(self):
        path, page = self.record(made_up(14000, samples=6)), self.path("page.md")
        out, _ = self.expect(0, "report", path, "--format", "markdown", env={"GITHUB_STEP_SUMMARY": page})
        text = pathlib.Path(page).read_text()
        self.assertLess(len(text.encode()), 1 << 20)
        left_out = int(text.rsplit(" more rows did not fit", 1)[0].rsplit("\n", 1)[1])
        self.assertEqual(len(read_table(out)[1]), 14000)
        self.assertEqual(len(read_table(text)[1]), 14000 - left_out)
        self.assertGreater(left_out, 0)


if __name__ == "__main__":
    if importlib.util.find_spec("jsonschema") is None:
        print("needs Python's jsonschema (Debian: python3-jsonschema)")
        sys.exit(77)
    support.main()
