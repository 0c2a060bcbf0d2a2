#!/usr/bin/env python3
"""Joules of a run, end to end: of the simulated device, whose truth its model tells; of a fake tree of counters, a log, a
simulated card; why there are none; deaths, interruptions and budgets; passes of models; rates that are kept up. Machines
are busy: nothing depends on how soon."""
import contextlib
import json
import os
import pathlib
import signal
import threading
import time

import support
from support import Case, children_of, wait_until

QUICK = ("-r", "1", "--max-time", "200ms", "-q")
# A device of this test's own, with launches so long that there are few to simulate.
SIM = f"sim:0?memory=32M,launch=1ms,seed={os.getpid()}"
BUSY_W, IDLE_W = 300, 50
PROBLEMS = [support.tiny(n) for n in range(3)]
GEMM = "gemm:m=64,n=64,k=64"
MEASURED = ("ok", "unstable")
RANGE_UJ = 262143328850


class Energy(Case):
    def setUp(self):
        super().setUp()
        del self.environment["STEELYARD_ENERGY"]

    def run_rows(self, *arguments, status=0, device=SIM, more=QUICK, **rest):
        """Rows by the problem's k."""
        out = self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.expect(status, "run", *arguments, "-d", device, "-o", out, *more, **rest)
        return self.by_size(out)

    def by_size(self, path):
        rows = {}
        for row in self.rows(path):
            self.check_form(row)
            rows[int(row["key"]["problem"].split("k=")[1].split(",")[0])] = row
        return rows

    def check_form(self, row):
        """Energy or a reason, never both; what is said twice agrees."""
        entries = row.get("energy", [])
        self.assertEqual("energy_reason" in row, not entries)
        for entry in entries:
            self.assertEqual(entry["valid"], not entry.get("reasons"))
            if "joule_per_run" not in entry:
                continue
            self.assertEqual(entry["joule_per_run"] * entry["run_per_s"], entry["watt"])
            self.assertAlmostEqual(entry["runs"] / (entry["window_ns"] * 1e-9) / entry["run_per_s"], 1, delta=1e-12)
            if "flop_per_joule" in entry:
                self.assertAlmostEqual(entry["flop_per_joule"] * entry["joule_per_run"] / row["rate"]["flop"], 1, delta=1e-12)

    def only(self, row, kind):
        found = [entry for entry in row["energy"] if entry["kind"] == kind]
        self.assertEqual(len(found), 1, kind)
        return found[0]

    def expect_truth(self, row, busy_w=BUSY_W, idle_w=IDLE_W):
        self.assertGreaterEqual(len(row["energy"]), 2)
        for entry in row["energy"]:
            self.assertTrue(entry["valid"], entry)
            self.assertEqual(entry["scope"], "card")
            truth_j, net_j = busy_w / entry["run_per_s"], (busy_w - idle_w) / entry["run_per_s"]
            self.assertAlmostEqual(entry["joule_per_run"], truth_j, delta=(3 * entry["u_random"] + 1e-6) * truth_j)
            self.assertAlmostEqual(entry["joule_net_per_run"], net_j, delta=(3 * entry["u_net"] + 1e-6) * net_j)
            self.assertLess(entry["u_random"], 0.05)  # what --energy-precision asks for
            self.assertAlmostEqual(entry["rate_of_median"], 1, delta=0.03)
            # The truth of a launch, from the row's own times: the window ran as the samples did.
            self.assertAlmostEqual(entry["joule_per_run"], busy_w * row["time"]["host"]["median_ns"] * 1e-9,
                                   delta=(3 * entry["u_random"] + 0.03) * truth_j)


class Simulated(Energy):
    def test_auto_weighs_the_heaviest_and_is_true(self):
        rows = self.run_rows(*PROBLEMS, "--energy", "auto")
        self.expect_truth(rows[10])
        for k in (8, 9):
            self.assertRegex(rows[k]["energy_reason"], "not the heaviest of its kind")
            self.assertIn(rows[k]["status"], MEASURED)

    def test_all_weighs_every_row_whatever_the_power(self):
        device = SIM + ",busy_w=180,idle_w=20"
        rows = self.run_rows(*PROBLEMS, "--energy", "all", device=device)
        for k in (8, 9, 10):
            self.expect_truth(rows[k], 180, 20)

    def test_off_reads_nothing(self):
        rows = self.run_rows(PROBLEMS[0], "--energy", "off")
        self.assertEqual(rows[8]["energy_reason"], "not asked for")

    def test_the_time_is_said_first_and_joules_are_shown(self):
        out, err = self.expect(0, "run", PROBLEMS[0], "-d", SIM, "-r", "1", "--max-time", "200ms", "--energy", "auto",
                               "-o", self.path("x.jsonl"))
        self.assertRegex(err, r"energy: sim:0\?\S*: 1 window, about \d+ s\n")
        self.assertRegex(out, r"energy/run, card")
        self.assertRegex(out, r"(29|30)\d mJ")  # 300 W for a millisecond

    def test_a_named_sensor_is_read_alone(self):
        rows = self.run_rows(PROBLEMS[0], "--energy", "device:energy")
        self.assertEqual([entry["source"] for entry in rows[8]["energy"]], ["device:energy"])
        rows = self.run_rows(PROBLEMS[0], "--energy", "device:abacus")
        self.assertRegex(rows[8]["energy_reason"], "device:abacus")

    def test_a_meter_by_another_clock_is_refused(self):
        log = self.write("meter.csv", f"utc_s,power_w\n{time.time():.3f},100\n{time.time() + 1:.3f},100\n")
        row = self.run_rows(PROBLEMS[0], "--energy", f"device:energy,csv:{log};scope=wall")[8]
        self.assertTrue(self.only(row, "counter")["valid"])
        wall = self.only(row, "instant power")
        self.assertFalse(wall["valid"])
        self.assertRegex("".join(wall["notes"]), "reading failed: csv:.*the device's time is simulated")

    def test_a_named_meter_that_is_not_there_is_told_at_once(self):
        err = self.expect(0, "run", GEMM, "-d", SIM, "--energy", "auto,csv:none.csv", *QUICK)[1]
        self.assertRegex(err, r"(?m)^steelyard: energy: sim:0\S*: csv:none\.csv: .*No such file")
        self.assertNotIn("steelyard: energy", self.expect(0, "run", GEMM, "-d", SIM, "--energy", "auto", *QUICK)[1])

    def test_a_clipped_sensor_disagrees_with_the_counter(self):
        row = self.run_rows(PROBLEMS[0], "--energy", "auto", device=SIM + ",power_clip=200")[8]
        for entry in row["energy"]:
            self.assertEqual(entry["reasons"], ["disagrees"])
            self.assertRegex("".join(entry["notes"]), "device:energy says .*device:power average says")
        self.assertIn(row["status"], MEASURED)

    def test_lies_of_sensors_are_seen(self):
        for fault, kind, reason in (("stuck", "average power", "disagrees"), ("zero", "counter", "stuck"),
                                    ("gone", "counter", "gone")):
            at = 8 if fault == "gone" else 1
            row = self.run_rows(PROBLEMS[0], "--energy", "auto", device=f"{SIM},sensor_fault={fault},sensor_fault_at={at}")[8]
            entry = self.only(row, kind)
            self.assertFalse(entry["valid"])
            self.assertIn(reason, entry["reasons"], fault)
            self.assertIn(row["status"], MEASURED)

    def test_a_wrong_gain_is_within_what_it_declares(self):
        row = self.run_rows(PROBLEMS[0], "--energy", "auto", device=SIM + ",gain=1.03,gain_u=0.03")[8]
        for entry in row["energy"]:
            self.assertAlmostEqual(entry["u_systematic"], 0.03, delta=1e-6)
            self.assertAlmostEqual(entry["watt"], 1.03 * BUSY_W, delta=BUSY_W * (3 * entry["u_random"] + 1e-6))

    def test_a_throttled_card_takes_what_it_takes(self):
        row = self.run_rows(PROBLEMS[0], "--energy", "auto", device=SIM + ",throttle=1ms,throttle_w=120,throttle_factor=0.5")[8]
        self.expect_truth(row, 120)

    def test_graphs_are_weighed_too(self):
        row = self.run_rows(PROBLEMS[0], "--energy", "auto", "--launch", "graph")[8]
        self.expect_truth(row)

    def test_a_budget_shorter_than_a_window(self):
        rows = self.run_rows(*PROBLEMS, "--energy", "all", "--budget", "4s")
        for row in rows.values():
            self.assertEqual(row["energy_reason"], "budget" if row["status"] != "skipped" else row["energy_reason"])
        self.assertIn(rows[8]["status"], MEASURED)

    def test_a_window_shorter_than_what_is_needed_says_so(self):
        slow = SIM + ",energy_period=2s,power_window=0,power_period=2s"
        row = self.run_rows(PROBLEMS[0], "--energy", "auto", "--energy-window", "3s", "--energy-precision", "1%", device=slow)[8]
        entry = self.only(row, "counter")
        self.assertFalse(entry["valid"])
        self.assertIn("window_too_short", entry["reasons"])
        self.assertGreater(entry["needed_window_ns"], 3e9)
        row = self.run_rows(PROBLEMS[0], "--energy", "auto", "--energy-window", "2m", "--energy-precision", "1%", device=slow)[8]
        entry = self.only(row, "counter")
        self.assertTrue(entry["valid"], entry)
        self.assertGreater(entry["window_ns"], 3e9)
        self.assertAlmostEqual(entry["watt"], BUSY_W, delta=3 * 0.01 * BUSY_W)

    def run_model(self, *arguments, counts=(2, 3, 4)):
        """The total of a model of three layers, and the rows. A pass is in step with no sensor: 1.37 ms a launch."""
        problems = [{"op": "gemm", "name": f"tiny.decode.t4.{name}", "phase": "decode", "count": count,
                     "m": 3, "n": 3, "k": k}
                    for name, count, k in zip(("qkv", "o", "down"), counts, (8, 9, 10))]
        suite = self.write("tiny.json", json.dumps({"name": "tiny", "problems": problems}))
        rows = self.run_rows(suite, *arguments, device=SIM.replace("launch=1ms", "launch=1.37ms"))
        (total,) = [line["total"] for line in self.records(self.path("out.jsonl")) if line["kind"] == "total"]
        return total, rows

    def test_a_pass_of_a_model_is_measured_whole(self):
        total, rows = self.run_model("--energy", "all")
        summed = {entry["source"]: entry for entry in total["energy"]}
        self.assertGreaterEqual(len(total["mix"]), 2)
        self.assertEqual({entry["source"] for entry in total["mix"]}, set(summed))
        pass_s = 1e-9 * sum(count * rows[k]["time"]["host"]["median_ns"] for k, count in ((8, 2), (9, 3), (10, 4)))
        for entry in total["mix"]:
            self.assertTrue(entry["valid"], entry)
            slack = 3 * entry["u_random"] + 0.01
            self.assertAlmostEqual(entry["joule_per_pass"], BUSY_W * pass_s, delta=slack * BUSY_W * pass_s)
            self.assertAlmostEqual(entry["joule_per_pass"] / summed[entry["source"]]["joule_per_pass"], 1, delta=2 * slack)
            self.assertAlmostEqual(entry["watt"], BUSY_W, delta=slack * BUSY_W)

    def test_a_pass_that_is_long_or_has_no_meter_is_not_measured(self):
        total, _ = self.run_model("--energy", "off")
        self.assertNotIn("mix", total)
        total, _ = self.run_model("--energy", "device:energy", "--energy-window", "3s", counts=(300, 300, 203))
        self.assertNotIn("mix", total)
        self.assertGreater(total["ns"], 1e9)

    def test_wrong_words_are_mistakes(self):
        self.refuse(2, "energy", "run", PROBLEMS[0], "-d", SIM, "--energy", "abacus")
        self.refuse(2, "energy", "run", PROBLEMS[0], "-d", SIM, "--energy", "off,device")
        self.refuse(2, "csv", "run", PROBLEMS[0], "-d", SIM, "--energy", "csv:/nowhere/x.csv;scope=moon")


class Sustained(Energy):
    """A load of half a simulated minute, on a device that throttles. Hot: else preparing sets of operands is load too."""

    def keep_up(self, settings="", *arguments, out="out.jsonl", **more):
        return self.expect(0, "run", PROBLEMS[0], "-d", SIM + settings, *QUICK[:-1], "--cache", "hot", "--sustain", "30s",
                           *arguments, *(("-o", self.path(out)) if out else ()), **more)

    def told(self):
        (row,) = self.rows(self.path("out.jsonl"))
        self.check_form(row)
        return row, row["sustain"]

    def series(self):
        """The lines of the file beside the record, each valid by its schema."""
        import jsonschema

        schema = json.loads((support.ROOT / "results/schema/series-1.schema.json").read_text(encoding="utf-8"))
        lines = [json.loads(line) for line in (self.folder / "out.series.jsonl").read_text().splitlines()]
        for line in lines:
            jsonschema.validate(line, schema)
            self.assertEqual(len(line["t_s"]), len(line.get("value", line.get("runs"))))
            self.assertEqual(sorted(line["t_s"]), line["t_s"])
        return lines

    def expect_throttled(self, sustain):
        self.assertAlmostEqual(sustain["seconds"], 30, delta=0.1)
        self.assertAlmostEqual(sustain["throttle_s"], 12, delta=0.05)
        self.assertEqual(sustain["throttle_how"], "rate")
        self.assertAlmostEqual(sustain["steady_s"], 12, delta=0.1)
        self.assertAlmostEqual(sustain["sustained_of_burst"], 0.7, delta=0.005)
        self.assertAlmostEqual(sustain["burst_run_per_s"], 1000, delta=10)
        self.assertAlmostEqual(sustain["sustained_run_per_s"], 700, delta=7)

    def test_throttling_is_seen_and_its_samples_kept(self):
        _, err = self.keep_up(",throttle=12,throttle_factor=0.7,throttle_w=200", "--energy", "auto")
        self.assertRegex(err, r"sustain: sim:0\?\S*: 1 row, 30 s\n")
        row, sustain = self.told()
        self.expect_throttled(sustain)
        self.assertEqual((sustain["source"], sustain["scope"]), (row["energy"][0]["source"], "card"))
        self.assertAlmostEqual(sustain["watt_burst"], BUSY_W, delta=0.01 * BUSY_W)
        self.assertAlmostEqual(sustain["watt_sustained"], 200, delta=0.01 * 200)
        self.assertGreater(sustain["temp_c_end"], 20)
        self.assertAlmostEqual(row["energy"][0]["watt"], BUSY_W, delta=0.03 * BUSY_W)  # its window was before

        lines = self.series()
        self.assertEqual(sustain["series"], "out.series.jsonl")
        self.assertEqual({line["row"] for line in lines}, {row["row"]["id"]})
        (work,) = [line for line in lines if line["kind"] == "work"]
        self.assertAlmostEqual(work["runs"][-1], 12 * 1000 + 18 * 700, delta=300)
        samples = {line["source"]: line for line in lines if line["kind"] == "samples"}
        self.assertEqual(samples["device:clock"]["unit"], "Hz")
        self.assertAlmostEqual(samples["device:clock"]["value"][-1] / samples["device:clock"]["value"][0], 0.7, delta=0.01)
        self.assertIn(sustain["source"], samples)

        out, _ = self.expect(0, "show", self.path("out.jsonl"), "1")
        self.assertRegex(out, r"sustained 0\.70 of burst, throttled after 12\.0 s \(rate\); 300 to 200 W \(card\)")

    def test_without_throttling_there_is_none(self):
        self.keep_up()
        _, sustain = self.told()
        self.assertNotIn("throttle_s", sustain)
        self.assertAlmostEqual(sustain["sustained_of_burst"], 1, delta=0.005)
        self.assertLess(sustain["steady_s"], 0.5)
        out, _ = self.expect(0, "show", self.path("out.jsonl"), "1")
        self.assertRegex(out, "no throttling in 30 s")

    def test_rates_need_no_meter(self):
        self.keep_up(",throttle=12,throttle_factor=0.7", "--energy", "off")
        row, sustain = self.told()
        self.expect_throttled(sustain)
        self.assertEqual(row["energy_reason"], "not asked for")
        for name in ("watt_burst", "watt_sustained", "source", "scope", "temp_c_end"):
            self.assertNotIn(name, sustain)
        self.assertEqual([line["kind"] for line in self.series()], ["work"])

    def test_samples_lie_beside_a_record_or_nowhere(self):
        self.keep_up(out=None)
        self.assertEqual([path for path in self.folder.rglob("*.jsonl")], [])
        out, _ = self.keep_up("", "-o", "-", out=None)
        self.assertNotIn("series.jsonl", out)
        self.assertEqual([path for path in self.folder.rglob("*.jsonl")], [])

    def test_the_heaviest_alone_is_kept_up(self):
        self.expect(0, "run", *PROBLEMS, "-d", SIM, *QUICK, "--cache", "hot", "--sustain", "3s", "-o", self.path("out.jsonl"))
        rows = self.by_size(self.path("out.jsonl"))
        self.assertEqual([k for k in rows if "sustain" in rows[k]], [10])
        self.assertAlmostEqual(rows[10]["sustain"]["seconds"], 3, delta=0.1)

    def test_a_row_that_fails_is_not_kept_up(self):
        self.expect((0, 1, 4, 5), "run", PROBLEMS[0], "-d", SIM + f",fault=error,fault_flop={support.flop_of(0)}", *QUICK,
                    "--sustain", "3s", "-o", self.path("out.jsonl"))
        (row,) = self.rows(self.path("out.jsonl"))
        self.assertEqual(row["status"], "error")
        self.assertNotIn("sustain", row)
        self.assertFalse((self.folder / "out.series.jsonl").exists())  # of a file without a line nothing is left

    def test_wrong_times_are_mistakes(self):
        for word in ("0s", "10ms", "never", "25h"):
            self.refuse(2, "sustain", "run", PROBLEMS[0], "-d", SIM, "--sustain", word)


class Counters(Energy):
    """A tree of the kernel's files in place of the machine's."""

    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        (self.root / "sys").mkdir(parents=True)
        self.environment["STEELYARD_SYSROOT"] = str(self.root)

    def make_zone(self, name, label, count_uj):
        zone = self.root / "sys/class/powercap" / name
        zone.mkdir(parents=True)
        for file, text in (("name", label), ("energy_uj", count_uj), ("max_energy_range_uj", RANGE_UJ)):
            (zone / file).write_text(f"{text}\n")
        return zone / "energy_uj"

    @contextlib.contextmanager
    def counting(self, path, watt):
        """Readers see one whole number or the other. It begins near the end of its range, so that it wraps."""
        begin, stop = time.monotonic(), threading.Event()
        first_uj, new = RANGE_UJ - watt * 6_000_000, path.with_name("energy_uj.new")

        def count():
            while not stop.wait(0.001):
                count_uj = first_uj + int(watt * 1e6 * (time.monotonic() - begin))
                new.write_text(f"{count_uj % (RANGE_UJ + 1)}\n")
                os.replace(new, path)

        thread = threading.Thread(target=count)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def test_without_counters_it_says_why_and_measures(self):
        row = self.run_rows(GEMM, device="cpu", status=(0, 4))[64]
        self.assertRegex(row["energy_reason"], r"^no meter: .*powercap.*; see steelyard devices$")
        self.assertNotIn("energy", row)
        self.assertGreater(row["time"]["host"]["median_ns"], 0)
        self.assertTrue(row["check"]["verified"])

    def test_counters_give_joules(self):
        """One that counts 80 W, wrapping on the way, and one that stands; and two rails side by side."""
        counter = self.make_zone("intel-rapl:0", "package-0", 0)
        self.make_zone("intel-rapl:0:0", "dram", 5)
        for number, power_uw in ((0, 10_000_000), (1, 30_000_000)):
            chip = self.root / f"sys/class/hwmon/hwmon{number}"
            chip.mkdir(parents=True)
            (chip / "name").write_text("ina226\n")
            (chip / "power1_input").write_text(f"{power_uw}\n")
        with self.counting(counter, 80):
            row = self.run_rows(GEMM, "--energy", "all", device="cpu", status=(0, 4))[64]
        entries = {entry["source"]: entry for entry in row["energy"]}
        package = entries["powercap:package-0"]
        self.assertEqual((package["kind"], package["scope"]), ("counter", "package"))
        self.assertNotIn("gain", package)
        self.assertNotIn("u_systematic", package)  # not known: not said
        # The writer may be late on a busy machine: its own steps then are edges, and what it is off by is not the meter's.
        self.assertAlmostEqual(package["watt"], 80, delta=80 * 0.25)
        self.assertAlmostEqual(package["watt_idle"], 80, delta=80 * 0.25)
        (dram,) = [entry for source, entry in entries.items() if source.endswith("dram")]
        self.assertEqual(dram["scope"], "memory")
        self.assertIn("stuck", dram["reasons"])
        self.assertFalse(dram["valid"])
        rails = [entry for entry in entries.values() if entry["source"].startswith("hwmon")]
        self.assertEqual(sorted(round(rail["watt"], 6) for rail in rails), [10, 30])
        self.assertEqual(len({rail["scope"] for rail in rails}), 1)
        for rail in rails:  # each has a part, so none of them is to say what the other says
            self.assertNotIn("disagrees", rail.get("reasons", []))


class Card(Energy):
    """A simulated card on the host's clock, by its vendor's management library."""

    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parents[1]
        self.card = built / "tests/vendor_sim/nvidia"
        if not (self.card / "libnvidia-ml.so.1").exists():
            self.skipTest("the simulated libraries are not built")
        self.environment = {k: v for k, v in self.environment.items()
                            if not k.endswith("VISIBLE_DEVICES") and k != "LD_LIBRARY_PATH"}
        self.environment["STEELYARD_CUDA_FOLDER"] = str(self.card)

    def set_world(self, settings):
        self.environment["STEELYARD_VENDOR_SIM"] = f"meter=host;pace=1;launch_ns=1000000;{settings}"

    def make_log(self, watt):
        """Ten lines a second from a minute ago to long after the run: it never has to be waited for. It rises by 10 uW from
        line to line: a power that is the same throughout was not read anew."""
        now = time.time()
        lines = [f"{now - 60 + 0.1 * i:.3f},{watt + 1e-5 * i:.6f}" for i in range(12000)]
        return self.write("meter.csv", "utc_s,power_w\n" + "\n".join(lines) + "\n")

    def test_a_card_and_a_log_beside_it(self):
        self.set_world("watts=250;idle_watts=40")
        log = self.make_log(420)
        row = self.run_rows(GEMM, "--energy", f"auto,csv:{log};scope=wall;gain=0.01", device="cuda:0", status=(0, 4))[64]
        entries = {entry["scope"] + " " + entry["kind"]: entry for entry in row["energy"]}
        for name in ("card counter", "card average power"):
            entry = entries[name]
            self.assertAlmostEqual(entry["watt"], 250, delta=0.1 * 250)
            self.assertAlmostEqual(entry["watt_idle"], 40, delta=0.3 * 40)
            self.assertGreater(entry["readings"], 5)
        wall = entries["wall instant power"]
        self.assertTrue(wall["valid"], wall)
        self.assertAlmostEqual(wall["watt"], 420, delta=0.12)  # the rise of the whole log
        self.assertAlmostEqual(wall["u_systematic"], 0.01, delta=1e-9)
        self.assertAlmostEqual(wall["joule_net_per_run"] * wall["run_per_s"], 0, delta=0.12)  # it does not see the card at all
        self.assertRegex("".join(wall["notes"]), "net is low")

    def test_a_card_that_does_not_tell(self):
        """There is no such function on it, or it is not for everyone."""
        functions = ("nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetPowerUsage", "nvmlDeviceGetFieldValues")
        for code in (3, 4):
            self.set_world(";".join(f"fail={name}:1+:{code}" for name in functions))
            row = self.run_rows(GEMM, device="cuda:0", status=(0, 4))[64]
            self.assertRegex(row["energy_reason"], r"^no meter: .*\bdevice\b.*; see steelyard devices$")
            self.assertIn(row["status"], MEASURED)


class Interrupted(Energy):
    """In the middle of a window, which is a long one: the meter counts in steps of 100 J."""

    def setUp(self):
        super().setUp()
        root = self.folder / "root/sys/class/powercap/intel-rapl:0"
        root.mkdir(parents=True)
        for file, text in (("name", "package-0"), ("energy_uj", 1), ("max_energy_range_uj", 10**8 * (2**32 - 1))):
            (root / file).write_text(f"{text}\n")
        self.environment["STEELYARD_SYSROOT"] = str(self.folder / "root")

    def start_window(self, out):
        """A run whose last problem is being weighed: that begins once the row that is not weighed has been written."""
        process = self.start("run", "gemm:m=64,n=64,k=63", "gemm:m=64,n=64,k=64", "-d", "cpu", "-o", out, *QUICK,
                             "--energy", "auto", "--energy-window", "10m")
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.assertTrue(wait_until(lambda: support.count_rows(out) >= 1 or process.poll() is not None, seconds=300))
        if process.poll() == 3 and "another program measures on this device" in process.stderr.read():
            self.skipTest("the device is in use by another program")
        self.assertIsNone(process.poll())
        return process

    def test_an_interruption_keeps_the_times(self):
        out = self.path("i.jsonl")
        process = self.start_window(out)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)  # far less than the window
        self.assertEqual(process.returncode, 130, err)
        rows = self.by_size(out)
        self.assertEqual(set(rows), {63, 64})
        self.assertEqual(rows[64]["energy_reason"], "no window was measured")
        self.assertGreater(rows[64]["time"]["host"]["median_ns"], 0)
        self.assertTrue(self.records(out)[-1]["end"]["interrupted"])

    def test_a_worker_that_dies_costs_the_energy_alone(self):
        out = self.path("k.jsonl")
        process = self.start_window(out)
        for worker in children_of(process.pid):
            os.kill(worker, signal.SIGKILL)
        _, err = process.communicate(timeout=300)
        self.assertIn(process.returncode, (0, 4), err)
        rows = self.by_size(out)
        self.assertRegex(rows[64]["energy_reason"], r"worker died of signal 9 \(Killed\)")
        self.assertGreater(rows[64]["time"]["host"]["median_ns"], 0)
        # Nobody is left to ask again for a ceiling that was measured in a bad moment.
        self.assertIn(rows[64]["status"], MEASURED + ("suspect",))


if __name__ == "__main__":
    support.main()
