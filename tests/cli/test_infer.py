#!/usr/bin/env python3
"""`infer`: tiny networks under every scenario, on the processor and on the simulated accelerator; files in and out; mistakes."""
import json
import os
import pathlib
import re
import signal

import onnx_files as onnx
import support
from support import Case

# Few queries, little time: nothing here depends on how fast the machine is.
QUICK = ("--duration", "60ms", "--queries", "3", "--rounds", "1", "--energy", "off", "-q")


class Infer(Case):
    def setUp(self):
        super().setUp()
        self.model = self.write("perceptron.onnx", onnx.perceptron())

    def infer(self, *arguments, status=0, model=None, device="cpu"):
        """The rows of a run, with what was shown."""
        path = self.path("out.jsonl")
        pathlib.Path(path).unlink(missing_ok=True)
        out, err = self.expect(status, "infer", model or self.model, "--device", device, "-o", path, *QUICK, *arguments)
        return [line for line in self.records(path) if line["kind"] == "model"], out

    def reference(self, x):
        """What the perceptron gives for rows of x."""
        w1, b1, w2 = onnx.wave(16 * 32), onnx.wave(32, 0.7), onnx.wave(320, 0.61)
        rows = [x[i:i + 16] for i in range(0, len(x), 16)]
        hidden = [[max(0.0, sum(r[k] * w1[k * 32 + j] for k in range(16)) + b1[j]) for j in range(32)] for r in rows]
        return [sum(h[k] * w2[k * 10 + j] for k in range(32)) for h in hidden for j in range(10)]


class Scenarios(Infer):
    def test_single_stream(self):
        rows, out = self.infer("--queries", "70")
        self.assertEqual(len(rows), 1)
        row = rows[0]
        self.assertIn(row["status"], ("ok", "unstable"))
        self.assertEqual(row["check"]["status"], "ok")
        self.assertLess(row["check"]["max_error"], 1e-3)
        self.assertEqual(row["key"]["scenario"], "single-stream")
        self.assertEqual(row["key"]["inputs"], "x:1x16")
        self.assertEqual(row["origin"]["name"], "perceptron")
        model = row["model"]
        self.assertEqual(model["unit"], "query")
        self.assertGreaterEqual(model["queries"], 70)
        self.assertTrue(model["valid"])
        earned = {p["percentile"]: "plain_ns" in p for p in model["percentile"]}
        self.assertTrue(earned[0.5] and earned[0.9])
        self.assertGreater(model["inference_per_s"], 0)
        self.assertGreater(model["compared"], 0)
        self.assertEqual(row["rate"]["flop"], 2 * 16 * 32 + 2 * 32 * 10)
        for word in ("perceptron", "x:1x16", "VALID", "inferences/s", "compile"):
            self.assertIn(word, out)

    def test_too_few_queries_are_invalid_with_advice(self):
        rows, out = self.infer("--duration", "1ms", "--queries", "1")
        model = rows[0]["model"]
        if model["queries"] < 64:
            self.assertFalse(model["valid"])
            self.assertRegex(model["reasons"][0], r"p90 not supported: needs 64 queries, have \d+: --duration")
            self.assertIn("INVALID", out)

    def test_strict_wants_valid(self):
        rows, _ = self.infer("--duration", "1ms", "--queries", "1", "--strict", status=(0, 4))
        self.assertEqual(len(rows), 1)

    def test_multi_stream_has_eight_samples_a_query(self):
        rows, _ = self.infer("--scenario", "multi-stream", "--batch", "4")
        model = rows[0]["model"]
        self.assertEqual(model["query_samples"], 8)
        self.assertEqual(model["samples"], 8 * model["queries"])
        self.assertEqual(model["runs"], 2 * model["queries"])
        self.assertEqual(rows[0]["key"]["inputs"], "x:4x16")

    def test_offline_is_a_rate(self):
        rows, out = self.infer("--scenario", "offline", "--batch", "8")
        row, model = rows[0], rows[0]["model"]
        self.assertEqual(model["unit"], "inference")
        self.assertEqual(model["samples"], 8 * model["runs"])
        self.assertNotIn("percentile", model)
        self.assertTrue(model["valid"], model.get("reasons"))
        self.assertNotIn("latency", out)
        self.assertEqual(row["rate"]["flop"], 2 * 16 * 32 + 2 * 32 * 10)

    def test_server_at_a_rate(self):
        rows, out = self.infer("--scenario", "server", "--qps", "300", "--latency-bound", "10s", "--queries", "500",
                               "--duration", "100ms")
        model = rows[0]["model"]
        self.assertEqual(model["qps"], 300)
        self.assertGreaterEqual(model["queries"], 500)
        self.assertTrue(model["valid"], model)
        self.assertIn("server", out)

    def test_server_that_is_too_slow(self):
        rows, _ = self.infer("--scenario", "server", "--qps", "5000", "--latency-bound", "1us", "--queries", "500")
        model = rows[0]["model"]
        self.assertFalse(model["valid"])
        self.assertRegex(model["reasons"][-1], "over the bound of 0.001 ms.*lower --qps, or raise --latency-bound")

    def test_search_that_takes_too_long_to_simulate(self):
        rows, _ = self.infer("--scenario", "server", "--queries", "100000000", "--duration", "50ms",
                             device=support.SIM, status=77)
        self.assertEqual(rows[0]["status"], "unsupported")
        self.assertRegex(rows[0]["reason"], r"would take \d+ minutes to simulate: give --qps or fewer --queries")

    def test_search_finds_a_rate(self):
        rows, _ = self.infer("--scenario", "server", "--latency-bound", "30s", "--queries", "460", "--duration", "50ms")
        model = rows[0]["model"]
        self.assertGreater(model["qps"], 0)
        self.assertEqual(model["unit"], "inference")
        self.assertAlmostEqual(rows[0]["time"]["host"]["median_ns"] * model["qps"] / 1e9, 1.0, places=6)

    def test_no_rate_keeps_an_impossible_bound(self):
        rows, _ = self.infer("--scenario", "server", "--latency-bound", "1us", "--queries", "460", "--duration", "50ms",
                             status=77)
        self.assertEqual(rows[0]["status"], "unsupported")
        self.assertRegex(rows[0]["reason"], "raise --latency-bound")

    def test_instances_run_at_once(self):
        rows, _ = self.infer("--instances", "3", "--scenario", "offline", "--queries", "30")
        self.assertEqual(rows[0]["model"]["instances"], 3)
        self.assertEqual(rows[0]["check"]["status"], "ok")

    def test_a_pair_is_raced_in_blocks(self):
        rows, out = self.infer("--rounds", "4", "--pair", device=f"cpu,{support.SIM}")
        self.assertEqual([row["row"]["pair"]["side"] for row in rows], ["a", "b"])
        self.assertEqual({row["row"]["pair"]["id"] for row in rows}, {rows[0]["row"]["id"]})
        for row in rows:
            self.assertEqual([r["round"] for r in row["time"]["by_round"]], [0, 1, 2, 3])
        self.assertRegex(out, r"pair: time of b .* over a .* 2 blocks")


class Inputs(Infer):
    def test_files_in_and_out(self):
        x = onnx.wave(32, 0.113)
        self.write("x.npy", onnx.npy([2, 16], x))
        rows, _ = self.infer("--batch", "2", "--inputs", self.path("x.npy"), "--save-outputs", self.path("outputs"))
        self.assertEqual(rows[0]["key"]["data"], "files")
        dims, y = onnx.read_npy(pathlib.Path(self.path("outputs/y.npy")).read_bytes())
        self.assertEqual(dims, [2, 10])
        for got, wanted in zip(y, self.reference(x)):
            self.assertAlmostEqual(got, wanted, places=4)

    def test_a_tensor_proto_finds_its_input_by_name(self):
        x = onnx.wave(16, 0.21)
        self.write("anything.pb", onnx.tensor("x", onnx.FLOAT, [1, 16], x))
        self.infer("--inputs", self.path("anything.pb"), "--save-outputs", self.path("o"))
        _, y = onnx.read_npy(pathlib.Path(self.path("o/y.npy")).read_bytes())
        for got, wanted in zip(y, self.reference(x)):
            self.assertAlmostEqual(got, wanted, places=4)

    def test_whole_numbers_are_token_ids(self):
        path = self.write("embedding.onnx", onnx.embedding())
        rows, _ = self.infer(model=path)
        self.assertEqual(rows[0]["model"]["item"], "token")
        self.assertEqual(rows[0]["check"]["status"], "ok")
        self.infer("--input-range", "ids=5:7", model=path)

    def test_symbols_are_bound(self):
        rows, _ = self.infer("--bind", "batch=5")
        self.assertEqual(rows[0]["key"]["inputs"], "x:5x16")

    def test_seeds_change_the_key_of_nothing_but_the_row(self):
        one, _ = self.infer("--seed", "1")
        two, _ = self.infer("--seed", "2")
        self.assertEqual(one[0]["key_hash"], two[0]["key_hash"])
        self.assertNotEqual(one[0]["row"]["id"], two[0]["row"]["id"])


class Mistakes(Infer):
    def refuse_infer(self, says, *arguments, model=None, status=2):
        path = self.path("no.jsonl")
        self.refuse(status, says, "infer", model or self.model, "--device", "cpu", "-o", path, *QUICK, *arguments)
        self.assertFalse(os.path.exists(path), "a record in spite of a mistake")

    def test_models_that_are_none(self):
        self.refuse_infer("nowhere.onnx", model=self.path("nowhere.onnx"))
        self.refuse_infer("not a file", model=str(self.folder))
        self.refuse_infer("%n%s%n", model=self.path("%n%s%n.onnx"))
        self.refuse_infer("empty.onnx", model=self.write("empty.onnx", b""))
        whole = onnx.perceptron()
        self.refuse_infer("cut.onnx", model=self.write("cut.onnx", whole[:len(whole) // 2]))
        self.refuse_infer("noise.onnx", model=self.write("noise.onnx", bytes(range(256)) * 20))
        odd = onnx.model([onnx.node("Frobnicate", ["x"], ["y"])], [onnx.value_info("x", onnx.FLOAT, [1])],
                         [onnx.value_info("y", onnx.FLOAT, [1])])
        self.refuse_infer("Frobnicate", model=self.write("odd.onnx", odd))

    def test_inputs_that_do_not_fit(self):
        self.write("short.npy", onnx.npy([1, 15], onnx.wave(15)))
        self.refuse_infer(r"short.npy: it is f32 1x15, input 'x' wants f32 1x16", "--inputs", self.path("short.npy"))
        self.write("long.npy", onnx.npy([1, 16], [1] * 16, "<i8"))
        self.refuse_infer("it is s64 1x16", "--inputs", self.path("long.npy"))
        self.write("good.npy", onnx.npy([1, 16], onnx.wave(16)))
        self.refuse_infer("2 files given, the model has 1 input", "--inputs",
                          f"{self.path('good.npy')},{self.path('good.npy')}")
        self.refuse_infer("no input 'z'", "--inputs", f"z={self.path('good.npy')}")
        self.refuse_infer("no such file", "--inputs", self.path("missing.npy"))
        self.refuse_infer(r"ends in .npy .* or .pb", "--inputs", self.model)
        self.write("bad.npy", b"\x93NUMPY\x01\x00\x05\x00oops!")
        self.refuse_infer("bad.npy", "--inputs", self.path("bad.npy"))

    def test_options_that_make_no_sense(self):
        self.refuse_infer("--bind is 'batch'", "--bind", "batch")
        self.refuse_infer("--bind is 'batch=x'", "--bind", "batch=x")
        self.refuse_infer("--bind is 'batch=1x'", "--bind", "batch=1x")
        self.refuse_infer("its outputs have no elements", "--bind", "batch=0")
        self.refuse_infer("--input-range is", "--input-range", "x=3")
        self.refuse_infer("the model has no input 'z'", "--input-range", "z=0:1")
        self.refuse_infer("--dtype is 'f16'", "--dtype", "f16")
        self.refuse_infer("belong to --scenario server", "--qps", "5")
        self.refuse_infer("--qps is 'many'", "--scenario", "server", "--qps", "many")
        self.refuse_infer("two devices that differ", "--pair", "--rounds", "2")
        self.refuse_infer("--scenario is 'serve'", "--scenario", "serve")

    def test_a_device_that_is_not_there(self):
        self.refuse(3, "abacus", "infer", self.model, "--device", "abacus:0", *QUICK)


class Files(Infer):
    def test_logs_in_mlperfs_form(self):
        self.infer("--queries", "70", "--logs", self.path("logs"))
        summary = pathlib.Path(self.path("logs/mlperf_log_summary.txt")).read_text()
        self.assertIn("Scenario : SingleStream", summary)
        self.assertRegex(summary, r"Result is +: VALID")
        keys = []
        for line in pathlib.Path(self.path("logs/mlperf_log_detail.txt")).read_text().splitlines():
            self.assertTrue(line.startswith(":::MLLOG {"), line)
            keys.append(json.loads(line[len(":::MLLOG "):])["key"])
        self.assertGreaterEqual(keys.count("logger_query"), 70)
        self.assertIn("result_validity", keys)

    def test_a_profile_is_a_chrome_trace(self):
        _, out = self.infer("--profile", self.path("trace.json"))
        trace = json.loads(pathlib.Path(self.path("trace.json")).read_text())
        events = [e for e in trace["traceEvents"] if e["ph"] == "X"]
        self.assertGreater(len(events), 0)
        for event in events:
            self.assertGreaterEqual(event["dur"], 0)
            self.assertGreaterEqual(event["ts"], 0)
        self.assertIn("profile of cpu", out)
        self.assertIn("operator", out)

    def test_networks_beside_a_peer_have_a_line_each_on_the_page(self):
        kept = pathlib.Path(__file__).parents[2] / "results/measured/epyc-zen4-2-cores-vm/2026-11-27-models-pair.jsonl"
        page = self.path("pair.html")
        self.expect(0, "report", kept, "-o", page)
        written = pathlib.Path(page).read_text()
        speed = written[written.index("Speed by workload"):written.index("Measured, rated, ratio")]
        self.assertEqual(speed.count("1 of 1 rows"), 6)  # as many as fit page one
        self.assertNotIn("0 of 0 rows", speed)
        self.assertEqual(len(re.findall(r"GFLOP/s", speed)), 12)  # the peer's too, which counts no work itself
        self.assertRegex(speed, r"bert-base.*?0\.900")

    def test_a_record_is_shown_compared_and_exported(self):
        self.infer("--queries", "70")
        record = self.path("out.jsonl")
        shown, _ = self.expect(0, "show", record)
        self.assertIn("perceptron", shown)
        self.assertIn("VALID", shown)
        table, _ = self.expect(0, "show", record, "--format", "table")
        self.assertIn("inf/s", table)
        other = self.path("second.jsonl")
        os.rename(record, other)
        self.infer("--queries", "70")
        compared, _ = self.expect(0, "compare", other, record)
        self.assertIn("perceptron", compared)
        page = self.path("page.html")
        self.expect(0, "report", record, "-o", page)
        written = pathlib.Path(page).read_text()
        self.assertNotIn("No whole model was among the problems", written)
        self.assertIn("Matrix work and networks alone", written)
        models = written[written.index('id="totals"'):]
        models = models[:models.index("</section>")]
        for text in ("perceptron", "single-stream", "Models that ran whole"):
            self.assertIn(text, models)
        text = self.path("report.csv")
        self.expect(0, "report", record, "-o", text)
        self.assertIn("perceptron", pathlib.Path(text).read_text())
        text = self.path("report.md")
        self.expect(0, "report", record, "-o", text)
        self.assertRegex(pathlib.Path(text).read_text(), r"perceptron.*inferences/s")
        merged = self.path("merged.jsonl")
        self.expect(0, "merge", record, other, "-o", merged)
        self.assertEqual(sum(line["kind"] == "model" for line in self.records(merged)), 2)

    def test_check_off_is_said(self):
        rows, out = self.infer("--check", "off")
        self.assertEqual(rows[0]["check"]["status"], "off")
        self.assertIn("off", out)


class Interrupted(Infer):
    def test_ctrl_c_ends_in_order(self):
        path = self.path("out.jsonl")
        process = self.start("infer", self.model, "--device", "cpu", "--duration", "500s", "--energy", "off", "-o", path)
        begun = support.wait_until(lambda: os.path.exists(path) and pathlib.Path(path).read_text().count("\n") > 0)
        if not begun:
            process.kill()
            _, err = process.communicate()
            self.skipTest(f"did not begin: {err}")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130, err)
        lines = self.records(path)
        self.assertEqual(lines[-1]["kind"], "end")
        self.assertTrue(lines[-1]["end"]["interrupted"])


class Faults(Infer):
    def test_what_fails_is_told(self):
        """The k-th allocation or file call fails: an exit status that belongs to it, never a crash, and a record that is valid
        as far as it came."""
        for fault in [f"alloc:{k}" for k in range(1, 400, 37)] + [f"file:{k}" for k in range(1, 30, 4)]:
            path = self.path("fault.jsonl")
            pathlib.Path(path).unlink(missing_ok=True)
            status, _, err = self.run_program(
                "infer", self.model, "--device", support.SIM, "-o", path, *QUICK, "--duration", "3ms", "--logs", self.path("l"),
                "--save-outputs", self.path("o"), "--profile", self.path("t.json"), env={"STEELYARD_FAULT": fault})
            self.assertIn(status, (0, 1, 2, 3, 77), f"{fault}: {err}")
            if os.path.exists(path) and status in (0, 1):
                for line in pathlib.Path(path).read_text().split("\n")[:-1]:
                    self.validate(json.loads(line))


class Simulated(Infer):
    """ONNX on the simulated accelerator: operator by operator, though its backend takes models of its own as a whole."""

    def setUp(self):
        super().setUp()
        _, out, _ = self.run_program("infer", self.model, "--device", support.SIM, "--format", "jsonl", *QUICK)
        rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        self.rows_found = [row for row in rows if row["kind"] == "model"]

    def test_a_row_of_the_simulated_device(self):
        self.assertEqual(len(self.rows_found), 1)
        row = self.rows_found[0]
        self.validate(row)
        self.assertTrue(row["subject"]["simulated"])
        self.assertIn(row["status"], ("ok", "unstable"), row.get("reason"))

    def test_joules_of_an_inference(self):
        path = self.path("energy.jsonl")
        self.expect(0, "infer", self.model, "--device", support.SIM + ",bw=1M", "--duration", "20ms", "--queries", "3", "--rounds", "1",
                    "--check", "off", "--energy", "auto", "-o", path, "-q")
        row = next(line for line in self.records(path) if line["kind"] == "model")
        self.assertIn("energy", row, row.get("energy_reason"))
        entries = row["energy"]
        self.assertGreater(len(entries), 0)
        for entry in entries:
            self.assertAlmostEqual(entry["joule_per_run"] * entry["run_per_s"] / entry["watt"], 1.0, places=9)
            self.assertGreater(entry["runs"], 0)
            if "flop_per_joule" in entry:
                self.assertAlmostEqual(entry["flop_per_joule"] * entry["joule_per_run"] / row["rate"]["flop"], 1.0, places=9)
        self.assertTrue(any(entry["valid"] for entry in entries), entries)


class Whole(Infer):
    """Compiled models, which the simulated accelerator takes as they are."""
    TEXT = "simmodel 1\ninput x f32 ?,16\noutput y scale x 3\nflop 1G\n"
    FAULT = f"{support.SIM},fault_flop=1000000000,fault="

    def setUp(self):
        super().setUp()
        self.compiled = self.write("m.simmodel", self.TEXT)

    def whole(self, *arguments, device=support.SIM, status=0):
        return self.infer(*arguments, model=self.compiled, device=device, status=status)

    def test_a_row_of_a_whole_model(self):
        rows, out = self.whole("--queries", "70")
        row = rows[0]
        self.assertEqual(row["status"], "ok", row.get("reason"))
        self.assertTrue(row["subject"]["simulated"])
        self.assertEqual(row["subject"]["algorithm"], "whole")
        self.assertTrue(row["model"]["whole"])
        self.assertEqual(row["key"]["inputs"], "x:1x16")
        self.assertEqual(row["check"]["status"], "weak")
        self.assertIn("no ONNX file", row["check"]["reason"])
        # 1 GFLOP at 10 TFLOP/s, a launch of 5 us, a call and a wait.
        self.assertAlmostEqual(row["model"]["split"]["compute_ns"], 106.2e3, delta=3e3)
        self.assertIn("takes the model as a whole", out)

    def test_files_in_and_out(self):
        x = onnx.wave(32, 0.113)
        self.write("x.npy", onnx.npy([2, 16], x))
        self.whole("--batch", "2", "--inputs", self.path("x.npy"), "--save-outputs", self.path("outputs"))
        dims, y = onnx.read_npy(pathlib.Path(self.path("outputs/y.npy")).read_bytes())
        self.assertEqual(dims, [2, 16])
        for got, wanted in zip(y, x):
            self.assertAlmostEqual(got, 3 * wanted, places=5)

    def test_shapes_are_bound_by_inputs(self):
        rows, _ = self.whole("--bind", "x=5x16")
        self.assertEqual(rows[0]["key"]["inputs"], "x:5x16")
        self.refuse(2, "extent 1 of x is 16, not 15", "infer", self.compiled, "--device", support.SIM, "--bind",
                    "x=5x15", *QUICK)
        self.refuse(2, "no input of that name", "infer", self.compiled, "--device", support.SIM, "--bind", "z=5", *QUICK)

    def test_a_memory_of_answers_is_found(self):
        rows, _ = self.whole("--queries", "70", device=self.FAULT + "remember")
        self.assertEqual(rows[0]["status"], "suspect")
        self.assertIn("remembers answers", rows[0]["reason"])

    def test_what_fails_is_told(self):
        for fault, says in (("load", "the fault that was asked for"), ("error", "the fault that was asked for"),
                            ("crash", "signal|exit status")):
            with self.subTest(fault=fault):
                self.expect((1, 3), "infer", self.compiled, "--device", self.FAULT + fault, *QUICK, says=says)

    def test_mistakes_in_the_file(self):
        for text, says in (("simmodel 1\ninput x f33 1\n", "line 2 of the model: an unknown type"),
                           ("simmodel 1\ninput x f32 1\n", "a model without outputs"), ("hello", "damaged"), ("", "no graph")):
            with self.subTest(text=text):
                path = self.path("no.jsonl")
                self.refuse(2, says, "infer", self.write("bad.simmodel", text), "--device", support.SIM, "-o", path, *QUICK)
                self.assertFalse(os.path.exists(path))

    def test_what_a_whole_model_cannot_be_told(self):
        self.expect((2, 77), "infer", self.compiled, "--device", support.SIM, "--dtype", "bf16", *QUICK, says="no --dtype")


if __name__ == "__main__":
    support.main()
