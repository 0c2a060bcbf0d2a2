"""`compare`: verdicts, gates and their exit statuses, formats, noise, planned rounds, and every mistake one clear line."""
import csv
import io
import json
import os
import re

import support
from compared import LOST_FLOP, PROBLEMS, Compared, device


class Verdicts(Compared):
    def test_a_build_is_the_same_as_itself(self):
        out = self.compare(0, self.base(), self.again(), says=r"3 of 3 rows\s+same")
        self.assertIn("3 of 3 rows joined", out)
        self.assertIn("SIMULATED", out)
        self.assertNotIn("slower\n", out.replace("above 1 is slower", ""))

    def test_a_slower_device_is_slower_and_told_so(self):
        out = self.compare(0, self.base(), self.slow())
        self.assertEqual(len(re.findall(r"\] +slower$", out, re.M)), 3, out)
        self.assertRegex(out, r"all rows +time +1\.(09|10)\d")

    def test_a_faster_one_is_faster(self):
        self.compare(0, self.slow(), self.base(), says=r"all rows +time +0\.9[01]\d.*faster")

    def test_several_files_are_each_against_the_first(self):
        out = self.compare(0, self.base(), self.again(), self.slow())
        self.assertEqual(out.count("3 of 3 rows joined"), 2)
        self.assertIn("2 results against", out)

    def test_what_does_not_join_names_the_field_that_differs(self):
        other = self.record("other", 1, "", ["gemm:m=32,n=32,k=32", "gemm:m=32,n=48,k=64"])
        out = self.compare(0, self.base(), other)
        self.assertIn("1 of 3 rows joined", out)
        self.assertRegex(out, r"only in SIMULATED base\.jsonl: gemm m=32 n=48 k=32: [^:]*\bk \(32,\s+there 64\)")
        self.assertRegex(out, r"only in SIMULATED other\.jsonl: gemm m=32 n=48 k=64")

    def test_a_fallen_clock_is_said_to_explain_it(self):
        base = self.record("clock", 7, ",peak=100G")
        fallen = self.record("fallen", 7, ",peak=100G,throttle=0.000001,throttle_factor=0.8")
        out = " ".join(self.compare(0, base, fallen).split())
        self.assertRegex(out, r"clock 1500 -> 1200 MHz (explains up to \+25\.0 % of|alone would be up to \+25\.0 %, seen is)")
        rows = [row for row in self.document(0, base, fallen)["rows"] if row["quantity"] == "throughput"]
        self.assertEqual([round(row["clock_ratio"], 6) for row in rows], [0.8] * 3)

    def test_lines_fit_a_terminal(self):
        for line in self.compare(0, self.base(), self.slow(), "-v").splitlines():
            self.assertLessEqual(len(line), 100, line)

    def test_names_are_hostile(self):
        bad = Compared.made.get("base") or (self.base() and Compared.made["base"])
        lines = [json.loads(line) for line in bad.splitlines()]
        for line in lines:
            if line["kind"] == "op":
                line["origin"]["name"] = "\u001b[31m|<img src=x>`@you`\n=cmd()" + str(line["row"]["seq"])
        text = "".join(json.dumps(line) + "\n" for line in lines)
        one, two = self.write("one.jsonl", text), self.write("two.jsonl", text)
        for form in ("table", "markdown", "json", "jsonl", "csv", "junit"):
            out = self.compare(0, one, two, "--format", form)
            self.assertIsNone(re.search(r"[\x00-\x09\x0b-\x1f\x7f]", out), form)
            if form == "markdown":
                self.assertNotIn("<img", out)
                self.assertNotIn("@you", out)
            if form == "junit":
                self.junit(0, one, two)
            if form == "csv":
                for row in csv.DictReader(io.StringIO(out)):
                    self.assertFalse(row["name"].startswith("="))

    def test_simulated_rows_are_left_out_beside_real_ones(self):
        lines = self.lines(self.base())
        real = [dict(line) for line in lines]
        for line in real:
            if line["kind"] == "op":
                line["subject"] = dict(line["subject"], simulated=False)
                line["subject_hash"] = "0123456789abcdef"
                line["row"] = dict(line["row"], id=line["row"]["id"][::-1])
        text = "".join(json.dumps(line) + "\n" for line in lines + real[1:])
        out = self.compare(0, self.write("one.jsonl", text), self.write("two.jsonl", text))
        self.assertIn("6 rows of simulated devices are left out", out)
        self.assertIn("3 of 3 rows joined", out)


class Across(Compared):
    def two(self):
        return self.base(), self.record("slow_card", 5, ",launch=5.5us,peak=9T")

    def test_devices_within_a_file_or_several_are_ranked(self):
        base, slow = self.two()
        merged = self.path("merged.jsonl")
        self.expect(0, "merge", base, slow, "-o", merged)
        for files in ((merged,), (base, slow)):
            out = self.compare(0, *files, "--by", "card")
            self.assertIn("ranking on the 3 rows that all have", out)
            self.assertRegex(out, r"(?m)^ +1  SIMULATED sim.* 3 of 3 rows, base$")
            self.assertRegex(out, r"all rows +speed +0\.9[01]\d.*slower")

    def test_the_base_is_chosen(self):
        base, slow = self.two()
        found = self.document(0, base, slow, "--by", "card", "--base", device(5, ",launch=5.5us,peak=9T"))
        self.assertIn("launch=5.5us", found["columns"][0]["device"])
        self.assertGreater(found["ranks"][0]["speed"], 1.05)
        self.assertEqual(found["ranks"][0]["column"], 1)

    def test_one_kind_of_device_alone_has_nothing_to_meet(self):
        self.refuse(2, "no other device", "compare", self.base(), "--across")


class Pairs(Compared):
    """What `run --pair` measured in turn, compared block by block."""

    def pair(self):
        if "pair" not in Compared.made:
            path = self.path("pair.jsonl")
            side = device(8, ",drift=0.5")
            out, _ = self.expect(0, "run", *PROBLEMS[:2], "-t", "f32", "--energy", "off", "-o", path, "--pair",
                                 f"{side},{side},launch=5.5us,peak=9T")
            with open(path, "rb") as file:
                Compared.made["pair"], Compared.made["pair said"] = file.read(), out
        return self.write("pair.jsonl", Compared.made["pair"])

    def test_it_says_what_the_run_said(self):
        out = self.compare(0, self.pair(), "--by", "pair")
        said = re.findall(r"^ +([0-9.]+) \[([0-9.]+), ([0-9.]+)\] 4 blocks", Compared.made["pair said"], re.M)
        self.assertEqual(len(said), 2)
        rows = [row for row in self.document(0, self.pair(), "--by", "pair")["rows"] if row["quantity"] == "time"]
        self.assertEqual(sorted(tuple(f"{x:.4f}" for x in (row["ratio"], *row["ci95"])) for row in rows), sorted(said))
        self.assertRegex(out, r"SIMULATED a: sim:0\S+ by auto ->\s+SIMULATED b: sim:0\S+ by auto: 2\s+of\s+2\s+rows")
        self.assertIn("time, b over a, from blocks A B B A", out)

    def test_a_gate_takes_it(self):
        self.compare(0, self.pair(), "--by", "pair", "--gate", "time:30%", says="passed")
        self.compare((1, 4), self.pair(), "--by", "pair", "--gate", "time:3%")

    def test_mistakes(self):
        base = self.base()
        self.refuse(2, "no row is a side of a pair; run --pair", "compare", base, "--by", "pair")
        for option in (("--base", "cpu"), ("-a", "native")):
            self.refuse(2, "belongs to --by device", "compare", self.pair(), "--by", "pair", *option)
        self.refuse(2, "not --by pair", "compare", self.pair(), "--by", "pair", "--across")


class Gates(Compared):
    def test_the_same_build_passes(self):
        self.compare(0, self.base(), self.again(), "--gate", "time:5%", says="gate time:5%: passed")

    def test_a_regression_fails(self):
        out = self.compare(1, self.base(), self.slow(), "--gate", "time:5%", says="gate time:5%: FAILED")
        self.assertIn("3 regressed", out)
        self.assertIn("! gemm m=32 n=32 k=32: time", out)

    def test_a_regression_under_the_threshold_passes(self):
        self.compare(0, self.base(), self.slow(), "--gate", "time:25%")

    def test_a_lost_row_is_a_failure_or_not_decided_but_never_passed(self):
        two = self.record("two", 1, "", PROBLEMS[:2])
        out = self.compare(4, self.base(), two, "--gate", "time:5%", says="NOT DECIDED")
        self.assertIn("1 lost", out)
        self.assertRegex(out, "2 of 3 rows of BASE joined")

    def test_rows_may_be_allowed_to_be_missing(self):
        two = self.record("two", 1, "", PROBLEMS[:2])
        self.compare(0, self.base(), two, "--gate", "time:5%", "--allow-missing", "m=48")

    def test_a_crashed_row_fails(self):
        out = self.compare(1, self.base(), self.crashed(), "--gate", "time:5%", says="FAILED")
        self.assertIn("2 lost", out)
        self.assertRegex(out, "! gemm m=48 n=32 k=32: error: worker (died|ended)")

    def test_a_wrong_row_fails(self):
        wrong = self.record("wrong", 1, f",fault=wrong,fault_flop={LOST_FLOP}", status=1)
        self.compare(1, self.base(), wrong, "--gate", "time:5%", says="2 lost")

    def test_what_fails_is_chosen(self):
        self.compare(0, self.base(), self.crashed(), "--gate", "time:5%", "--fail-on", "regression")
        self.compare(1, self.base(), self.slow(), "--gate", "time:5%", "--fail-on", "regression,missing")
        self.compare(0, self.base(), self.slow(), "--gate", "time:5%", "--fail-on", "missing")

    def test_nothing_measured_is_not_decided(self):
        base = self.base()
        self.compare(4, base, base, "--gate", "energy:5%", says="nothing was decided in energy")

    def test_errors_of_other_inputs_are_no_loss_of_precision(self):
        """The largest of some thousand errors differs from seed to seed; the code is the same."""
        other = self.path("seed2.jsonl")
        self.expect(0, "run", *PROBLEMS, "-t", "f32", "-r", 3, "--energy", "off", "-q", "--seed", 2, "-d", device(1), "-o",
                    other)
        errors = [[line["check"]["max_error"] / line["check"]["bound"] for line in self.lines(path) if line["kind"] == "op"]
                  for path in (self.base(), other)]
        self.assertNotEqual(errors[0], errors[1])
        self.compare(0, self.base(), other, "--gate", "precision:5%", "--allow-inconclusive")
        rows = [row for row in self.document(0, self.base(), other)["rows"] if row["quantity"] == "precision"]
        self.assertEqual({row["verdict"] for row in rows}, {"same"})
        lines = self.lines(other)
        for line in lines:
            if line["kind"] == "op":
                line["check"]["max_error"] = 0.9 * line["check"]["bound"]
        worse = self.write("worse.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.compare(1, self.base(), worse, "--gate", "precision:5%", "--allow-inconclusive", says="error over bound")

    def test_another_power_cap_is_not_decided(self):
        lines = self.lines(self.again())
        for line in lines:
            if line["kind"] == "op":
                line["conditions"]["power_cap_w"] = 150.0
        capped = self.write("capped.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        for line in lines:
            if line["kind"] == "op":
                line["conditions"]["power_cap_w"] = 300.0
        free = self.write("free.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.compare(4, free, capped, "--gate", "time:5%", says="power cap")
        self.compare(0, free, capped, "--gate", "time:5%", "--allow-inconclusive")
        self.compare(1, free, capped, "--gate", "time:5%", "--fail-on", "inconclusive")

    def test_a_filter_takes_rows_out_of_both(self):
        found = self.document(0, self.base(), self.again(), "--gate", "time:5%", "--filter", "m=32,n=48")
        self.assertEqual(found["gate"][0]["gated"], 1)
        self.assertEqual(found["columns"][0]["joined"], 1)


    def test_want_of_memory_is_no_failed_gate(self):
        base, slow = self.base(), self.slow()
        for k in range(40, 400, 40):
            status, _, err = self.run_program("compare", base, slow, "--gate", "time:5%",
                                              env={"STEELYARD_FAULT": f"alloc:{k}"})
            self.assertEqual((status, err.count("\n")), (1, 0) if not err else (4, 1), (k, err))


class Formats(Compared):
    def test_json_says_what_the_screen_says(self):
        found = self.document(1, self.base(), self.slow(), "--gate", "time:5%")
        self.assertEqual(found["schema"], "steelyard.compare/1")
        self.assertEqual(found["gate"][0]["outcome"], "failed")
        self.assertEqual(found["gate"][0]["regressed"], 3)
        rows = [row for row in found["rows"] if row["quantity"] == "time"]
        self.assertEqual({row["verdict"] for row in rows}, {"slower"})
        self.assertEqual({row["gate"] for row in rows}, {"regressed"})
        for row in rows:
            self.assertLess(row["ci95"][0], row["ratio"])
            self.assertGreater(row["ci95"][1], row["ratio"])
            self.assertAlmostEqual(row["value"] / row["base"], row["ratio"], 9)

    def test_the_schema_holds(self):
        import jsonschema

        schema = json.loads((support.ROOT / "results/schema/compare-1.schema.json").read_text(encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        check = kind(schema)
        other = self.record("other", 1, "", ["gemm:m=32,n=32,k=32", "gemm:m=32,n=48,k=64"])
        for arguments in ((0, self.base(), other), (1, self.base(), self.slow(), "--gate", "time:5%"),
                          (0, self.base(), self.record("slow_card", 5, ",launch=5.5us,peak=9T"), "--by", "card"),
                          (1, self.base(), self.crashed(), "--gate", "time:5%")):
            self.assertEqual([str(e) for e in check.iter_errors(self.document(*arguments))], [], arguments)
        self.assertNotEqual(list(check.iter_errors({"schema": "steelyard.compare/1"})), [])

    def test_json_lines_have_the_same_objects(self):
        whole = self.document(0, self.base(), self.slow())
        lines = [json.loads(line) for line in self.compare(0, self.base(), self.slow(), "--format",
                                                           "jsonl").splitlines()]
        self.assertEqual({line.pop("schema") for line in lines}, {"steelyard.compare/1"})
        for plural, kind in (("rows", "row"), ("means", "mean"), ("columns", "column"), ("conditions", "condition")):
            same = [line for line in lines if line["kind"] == kind]
            self.assertEqual([dict(kind=kind, **one) for one in whole[plural]], same)

    def test_csv_has_a_line_for_each_ratio(self):
        rows = list(csv.DictReader(io.StringIO(self.compare(1, self.base(), self.slow(), "--format", "csv", "--gate",
                                                            "time:5%"))))
        self.assertEqual(len(rows), 3 * 4)
        timed = [row for row in rows if row["quantity"] == "time"]
        self.assertEqual({row["verdict"] for row in timed}, {"slower"})
        self.assertEqual({row["gate"] for row in timed}, {"regressed"})
        self.assertEqual({row["gate"] for row in rows if row["quantity"] == "energy"}, {""})

    def test_junit_goes_by_the_gate(self):
        gate = ("--gate", "time:5%")
        cases = self.junit(0, self.base(), self.again(), *gate)
        self.assertEqual({kind for kind, _ in cases.values()}, {"passed"})
        self.assertEqual(len(cases), 4)
        cases = self.junit(1, self.base(), self.slow(), *gate)
        self.assertEqual({kind for kind, _ in cases.values()}, {"failure"})
        self.assertRegex(cases["gemm m=32 n=32 k=32 f32 time"][1], r"cost \+\d+\.\d+ %.*threshold 5 %")
        self.assertIn("time:5%", cases)
        cases = self.junit(0, self.base(), self.slow(), *gate, "--fail-on", "missing")
        self.assertEqual(sorted(kind for kind, _ in cases.values()), ["passed", "skipped", "skipped", "skipped"])
        cases = self.junit(1, self.base(), self.crashed(), *gate)
        self.assertEqual(cases["gemm m=48 n=32 k=32 f32 time"][0], "failure")
        self.assertRegex(cases["gemm m=48 n=32 k=32 f32 time"][1], "^error: worker")
        self.assertEqual(cases["gemm m=32 n=32 k=32 f32 time"][0], "passed")

    def test_junit_has_what_is_undecided_as_the_gate_has_it(self):
        lines = self.lines(self.again())
        for line in lines:
            if line["kind"] == "op" and "m=48" in line["key"]["problem"]:
                line["status"], line["reason"] = "unstable", "two modes"
        shaky, gate = self.write("shaky.jsonl", "".join(json.dumps(line) + "\n" for line in lines)), ("--gate", "time:5%")
        name = "gemm m=48 n=32 k=32 f32 time"
        cases = self.junit(4, self.base(), shaky, *gate)
        self.assertEqual((cases[name][0], cases["time:5%"][0]), ("error", "error"))
        self.assertIn("two modes", cases[name][1])
        cases = self.junit(0, self.base(), shaky, *gate, "--allow-inconclusive=40%")
        self.assertEqual((cases[name][0], cases["time:5%"][0]), ("skipped", "passed"))
        cases = self.junit(1, self.base(), shaky, *gate, "--fail-on", "inconclusive")
        self.assertEqual((cases[name][0], cases["time:5%"][0]), ("failure", "failure"))

    def test_junit_without_a_gate_goes_by_verdicts(self):
        self.assertEqual({kind for kind, _ in self.junit(0, self.base(), self.slow()).values()}, {"failure"})
        cases = self.junit(0, self.base(), self.crashed())
        self.assertEqual(sorted(kind for kind, _ in cases.values()), ["passed", "skipped", "skipped"])
        cases = self.junit(0, self.base(), self.again(), self.slow())
        self.assertEqual(len(cases), 6)
        self.assertIn("gemm m=32 n=32 k=32 f32 time (SIMULATED slow.jsonl)", cases)
        cases = self.junit(0, self.base(), self.record("slow_card", 5, ",launch=5.5us,peak=9T"), "--by", "card")
        self.assertEqual({kind for kind, _ in cases.values()}, {"failure"})

    def test_markdown_has_the_gate_first_and_whole_tables(self):
        out = self.compare(1, self.base(), self.slow(), "--format", "markdown", "--gate", "time:5%")
        self.assertLess(out.index("FAILED"), out.index("| rows |"))
        width = None
        for line in out.splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
            self.assertTrue(width is None or cells in (None, width), line)
            width = cells


    def test_markdown_goes_to_the_page_of_a_job_once(self):
        page = self.write("page.md", "before\n")
        self.environment["GITHUB_STEP_SUMMARY"] = page
        out = self.compare(0, self.base(), self.again(), "--format", "markdown")
        with open(page, encoding="utf-8") as file:
            self.assertEqual(file.read(), "before\n" + out)
        for arguments in (("--format", "markdown", "--step-summary", "off"), ("--format", "csv"), ()):
            self.compare(0, self.base(), self.again(), *arguments)
        with open(page, "a", encoding="utf-8") as file:
            self.expect(0, "compare", self.base(), self.again(), "--format", "markdown", stdout=file)
        with open(page, encoding="utf-8") as file:
            self.assertEqual(file.read(), "before\n" + 2 * out)


class Noise(Compared):
    def test_files_of_one_build_give_noise_that_a_gate_takes(self):
        noise = self.path("noise.json")
        out, err = self.expect(0, "compare", "--calibrate", self.base(), self.record("base2", 1), "-o", noise)
        self.assertEqual(err, "")
        self.assertRegex(out, "noise of 3 rows in 2 runs")
        self.assertRegex(out, "false alarms: 0 of 3 rows in 1 comparison")
        known = self.lines(noise)[0]
        self.assertEqual(known["schema"], "steelyard.noise/1")
        self.assertEqual(len(known["rows"]), 3)
        out = self.compare(0, self.base(), self.again(), "--gate", "time:5%", "--noise", noise)
        self.assertIn("noise.json", out)
        self.assertNotIn("noise is not known", out)
        known["round"] = 0.03
        for row in known["rows"]:
            row["round"] = 0.03
        self.write("noise.json", json.dumps(known))
        self.compare(0, self.base(), self.again(), "--gate", "time:5%", "--noise", noise, says="3 coarse")

    def past(self, runs):
        """A history of runs of the base, each with other times: 1 % and more from run to run."""
        store, base = self.path("history.db"), self.lines(self.base())
        for i in range(runs):
            lines = json.loads(json.dumps(base))
            for line in lines:
                line["run_id"] = f"20260101T0000{i:02d}Z-0000000{i}"
                if line["kind"] == "op":
                    for each in [line["time"]["host"], *line["time"]["by_round"]]:
                        each["median_ns"] *= 1 + 0.02 * (i % 3)
                        each["ci95_ns"] = [each["median_ns"] * 0.99, each["median_ns"] * 1.01]
            path = self.write(f"past{i}.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
            _, err = self.expect((0, 2), "history", "add", path, "--db", store, "-q")
            if "SQLite" in err:
                self.skipTest("no SQLite here")
        return store

    def test_noise_comes_from_the_history(self):
        store = self.past(9)
        out = self.compare(0, self.base(), self.again(), "--gate", "time:1%", "--db", store)
        self.assertIn("noise between runs: history", out)
        self.assertIn("3 coarse", out)
        self.refuse(2, "not from both", "compare", self.base(), self.again(), "--db", store, "--noise", "x")

    def test_a_history_that_is_asked_for_must_be_there(self):
        self.refuse(2, "nowhere.db|SQLite", "compare", self.base(), self.again(), "--db", "nowhere.db")
        self.compare(0, self.base(), self.again())

    def test_it_runs_what_it_is_given(self):
        out, err = self.expect(0, "compare", "--calibrate", PROBLEMS[0], "-t", "f32", "-r", 2, "--runs", 2, "-d",
                               device(2), "-o", "-")
        self.assertEqual(len(json.loads(out)["rows"]), 1)
        self.assertEqual(err.count("calibrate: run "), 2)

    def test_rounds_are_planned(self):
        path = self.path("planned.jsonl")
        _, err = self.expect(0, "run", PROBLEMS[0], "-t", "f32", "--energy", "off", "-d", device(3), "--plan-for",
                             "time:5%", "-o", path)
        rounds = int(re.search(r"plan: (\d+) rounds are taken", err).group(1))
        self.assertGreaterEqual(rounds, 2)
        self.assertEqual(self.rows(path)[0]["time"]["rounds"], rounds)
        self.assertIn("pilot", err)

    def test_a_file_of_noise_plans_without_a_pilot(self):
        noise = {"schema": "steelyard.noise/1", "round": 0.02, "run": 0.0, "pairs_compared": 1, "rows_compared": 1,
                 "alarms": 0, "false_alarm_rate": 0.0,
                 "rows": [{"key_hash": "0" * 16, "subject_hash": "1" * 16, "round": 0.02, "run": 0.0, "runs": 2}]}
        path, record = self.write("noise.json", json.dumps(noise)), self.path("planned.jsonl")
        arguments = ["run", PROBLEMS[0], "-t", "f32", "--energy", "off", "-d", device(4), "--plan-for", "time:5%",
                     "--noise", path]
        _, err = self.expect(0, *arguments, "-o", record)
        self.assertNotIn("pilot", err)
        self.assertGreaterEqual(self.rows(record)[0]["time"]["rounds"], 5)
        _, err = self.expect(0, *arguments, "-r", 2)
        self.assertIn("2 rounds are taken, as --rounds says", err)


class Mistakes(Compared):
    def test_each_is_one_clear_line(self):
        base, again = self.base(), self.again()
        for says, *arguments in (
                ("needs BASE NEW",),
                ("takes BASE and NEW", base),
                ("cannot open|No such file", base, "nowhere.jsonl"),
                ("belongs to --calibrate", base, again, "--rounds", 3),
                ("belongs to --calibrate", base, again, "-d", "cpu"),
                ("belongs to --calibrate", base, again, "--runs", 3),
                ("belongs to --calibrate", base, again, "-o", "x"),
                ("belongs to --gate", base, again, "--fail-on", "missing"),
                ("belongs to --gate", base, again, "--allow-missing", "x"),
                ("belongs to --gate", base, again, "--allow-inconclusive"),
                ("belongs to --by device", base, again, "--base", "cpu"),
                ("belongs to --by device", base, again, "-a", "native"),
                ("one --algorithm", base, again, "--across", "-a", "native,onednn"),
                ("no quantity \"tim\"", base, again, "--gate", "tim:5%"),
                ("--gate", base, again, "--gate", "time"),
                ("--gate", base, again, "--gate", "time:-5%"),
                ("--fail-on: no \"x\"", base, again, "--gate", "time:5%", "--fail-on", "x"),
                ("no regular expression", base, again, "--gate", "time:5%", "--allow-missing", "("),
                ("--allow-inconclusive is '500%'", base, again, "--gate", "time:5%", "--allow-inconclusive=500%"),
                ("--delta is '0'", base, again, "--delta", "0"),
                ("--filter '\\('", base, again, "--filter", "("),
                ("no row to compare is left", base, again, "--filter", "nothing"),
                ("has no --format 'summary'", base, again, "--format", "summary"),
                ("no place there", "--calibrate", base, again, "--gate", "time:5%"),
                ("no place there", "--calibrate", base, again, "--noise", "x"),
                ("not both", "--calibrate", base, PROBLEMS[0]),
                ("no row|two runs", "--calibrate", base),
                ("nowhere.json", base, again, "--noise", "nowhere.json"),
                ("noise", base, again, "--noise", base),
                ("no device|'nothing'|nothing", base, again, "--by", "card", "--base", "nothing")):
            self.refuse(2, says, "compare", *arguments)

    def test_of_other_verbs_too(self):
        self.refuse(2, "--noise belongs to --plan-for", "run", PROBLEMS[0], "--noise", "x")
        self.refuse(2, "takes time alone", "run", PROBLEMS[0], "--plan-for", "energy:5%")
        self.refuse(2, "--plan-for", "run", PROBLEMS[0], "--plan-for", "5%")
        self.refuse(2, "has no --format 'markdown'", "show", self.base(), "--format", "markdown")

    def test_a_torn_line_is_left_out_and_said(self):
        torn = self.write("torn.jsonl", Compared.made["base"] + b'{"schema":"steelyard.rec' if self.base() else b"")
        _, err = self.expect(0, "compare", self.base(), torn)
        self.assertRegex(err, "torn last line")

    def test_what_is_no_record_is_refused(self):
        other = self.write("other.json", '{"schema":"something else"}\n')
        self.refuse(2, "other.json", "compare", self.base(), other)


if __name__ == "__main__":
    support.main()
