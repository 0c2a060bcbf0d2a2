#!/usr/bin/env python3
"""`plugin check`: right plugins pass; each wrong one fails in the row that is about it, and in no other that could not
know."""
import json
import os
import pathlib
import shutil
import signal
import time

import support
from support import Case

# What is spoilt (tests/plugins/spoiled), the row that must tell, and what it must say.
SPOILT = [
    ("endless_name", "device describe", "name has no NUL"),
    ("overrun", "device sizes", "beyond the caller's size"),
    ("other_info", "device info", "another name"),
    ("any_params", "device params", "answered \"ok\""),
    ("silent", "memory kinds", "without a word why"),
    ("boast", "memory bounds", "far too many bytes: answered \"ok\""),
    ("whole_words", "memory copies", "should be 0xc3"),
    ("fill_over", "memory fills", "it lies outside"),
    ("not_imported", "memory import", "not the address"),
    ("exit", "memory import", "ended the process with exit status 0, while importing"),
    ("outside", "memory spans", "begins behind its buffer: answered \"ok\""),
    ("order", "queue order", "between two fills"),
    ("event_never", "queue events", "must be 1"),
    ("crash", "queue events", r"(signal 11 .*here it comes|exit status).*while creating a second queue and an event"),
    ("one_queue", "queue many", "a further queue: unsupported"),
    ("hang", "timer", "hung: no sign of life for 2 s, while creating a timer"),
    ("timer_long", "timer", "more than the .* ns between two waits"),
    ("timer_negative", "timer", "must be positive"),
    ("timer_constant", "timer", "1 times the device time"),
    ("renamed", "work list", "another one when asked again"),
    ("careless", "work problems", "must_understand bit that does not exist: accepted"),
    ("trusting", "work bindings", "one byte too short: accepted"),
    ("long_text", "work errors", "beyond its size"),
    ("graph_empty", "work graph", "a replayed graph: wrong result"),
    ("any_model", "work models", "bytes that are no model: answered \"ok\""),
    ("port_renames", "model ports", "another one when asked again"),
    ("port_overrun", "model ports", "beyond the caller's size"),
    ("model_idle", "model run", "byte 0 of output 'y' is not the same in two runs"),
    ("model_trusting", "model run", "one byte too short: answered \"ok\""),
    ("failing", "conv2d f32", "182 wrong in 91 cases"),
    ("wrong", "gemm f64", "264 wrong in 132 cases; first: gemm:m=1,n=1,k=1,dtype=f64"),
    ("crash_f64", "gemm f64", "while solving gemm:m=1,n=1,k=1,dtype=f64"),
    ("tf32", "math f32", "says math strict"),
    ("narrow_sums", "math f16", "should be 4113"),
    ("declared_bf16x3", "math f32", "says math bf16x3"),
    ("sensor_unit", "sensor list", "unit that is not its kind's"),
    ("sensor_nan", "sensor values", "temperature reads nan"),
    ("sensor_nan", "sensor load", "from a second thread: sensor temperature reads nan"),
    ("sensor_back", "sensor values", "counts back"),
    ("sensor_period", "sensor list", "more than an hour"),
    ("sensor_milli", "sensor energy", r"sensor energy counts .* \(5e\+04 W\), of which sensor power shows 50 to 50 W"),
    ("one_thread", "thread queues", "one thread is enough"),
    ("leak_descriptor", "leak plans", "1000 descriptors open"),
    ("leak_card", "leak plans", r"4096000 bytes of device memory .*, 3 times out of 3"),
    ("null_plan", "destroy null", r"work\.plan_destroy\(NULL\)"),
]
# Of what the host's allocator counts: a sanitizer's own does not. With one, every third of those above: each starts anew.
COUNTED = [("leak_plan", "leak plans", "bytes of host memory"), ("leak_device", "leak devices", "bytes of host memory"),
           ("leak_model", "leak models", "bytes of host memory")]

# Plugins that are refused before they run, and why.
REFUSED = [("wrong_major", "ABI 2"), ("wrong_size", "32 bytes"), ("missing_hook", "queue.create, queue.destroy, queue.sync"),
           ("missing_symbol", "sy_backend_query"), ("no_note", "ABI note"), ("declines", "wants a newer host"),
           ("bad_name", "bad backend name")]


class PluginCheck(Case):
    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parent.parent
        self.stubs = built / "tests/plugins"
        self.spoiled = self.stubs / "spoiled/spoiled.so"
        self.sim = built / "lib/steelyard/sim.so"
        if not self.spoiled.exists() or not (self.stubs / "good.so").exists():
            self.skipTest("the stub plugins are not built")

    def check(self, status, target, *arguments, spoil="", **more):
        """The report of a check, rows by name."""
        out, err = self.expect(status, "plugin", "check", target, "--format", "json", *arguments,
                               env=dict({"STEELYARD_TEST_SPOIL": spoil}, **more.pop("env", {})), **more)
        self.assertEqual(err, "")
        report = json.loads(out)
        self.assertEqual(report["schema"], "steelyard.conform/1")
        rows = {row["check"]: row for row in report["checks"]}
        self.assertEqual(len(rows), len(report["checks"]))
        self.assertEqual(len(rows), report["passed"] + report["failed"] + report["skipped"])
        self.assertEqual(report["failed"] > 0, status == 1)
        return report, rows

    def failed(self, rows):
        return [name for name, row in rows.items() if row["verdict"] == "fail"]

    def test_the_template_passes(self):
        report, rows = self.check(0, self.sim)
        self.assertEqual(report["verdict"], "pass")
        self.assertEqual(report["plugin"]["backend"], "sim")
        self.assertEqual(len(report["plugin"]["sha256"]), 64)
        self.assertTrue(report["device"]["simulated"])
        self.assertEqual([name for name, row in rows.items() if row["verdict"] == "skip"], [])
        self.assertGreater(len(rows), 60)

    def test_a_small_one_passes_with_what_it_has(self):
        _, rows = self.check(0, self.stubs / "good.so")
        self.assertEqual(rows["gemm f32"]["verdict"], "pass")
        self.assertEqual(rows["gemm s8"]["verdict"], "skip")
        self.assertIn("not done", rows["gemm s8"]["text"])
        for name in ("queue events", "timer", "sensor list", "work graph"):
            self.assertIn("offered", rows[name]["text"])

    def test_a_layout_of_its_own_passes(self):
        self.check(0, self.stubs / "packs.so", "-f", "^(gemm f32|math f32|work)")

    def test_older_and_newer_hosts_and_further_devices_pass(self):
        some = "^(plugin|device|memory|work|math)"
        self.check(0, self.stubs / "older_minor.so", "-f", some)
        self.check(0, self.stubs / "newer_minor.so", "-f", some)
        report, _ = self.check(0, self.stubs / "general.so", "-f", some, "-d", "any:1")
        self.assertEqual((report["device"]["index"], report["device"]["name"]), (1, "driver 1 of the processor"))

    def test_what_is_spoilt_fails_in_its_row(self):
        spoilt = SPOILT[::3] if support.has_sanitizer() else SPOILT + COUNTED
        for spoil, row, words in spoilt:
            with self.subTest(spoil=spoil, row=row):
                _, rows = self.check(1, self.spoiled, "-f", f"^{row}$", "--patience", "2s", spoil=spoil)
                self.assertEqual(self.failed(rows), [row])
                self.assertRegex(rows[row]["text"], words)

    def test_a_crash_or_a_hang_costs_one_row(self):
        names = "^(plugin|device|memory|queue|timer|work|sensor|leak|destroy)"
        for spoil, wanted in (("crash", ["queue events"]), ("hang", ["timer"]), ("exit", ["memory import"]),
                              ("null_plan", ["destroy null"])):
            with self.subTest(spoil=spoil):
                report, rows = self.check(1, self.spoiled, "-f", names, "--patience", "3s", spoil=spoil)
                self.assertEqual(self.failed(rows), wanted)
                self.assertEqual(report["skipped"], 0)
                self.assertEqual(rows["plugin end"]["verdict"], "pass")

    def test_unspoilt_and_lowered_as_declared_pass(self):
        _, rows = self.check(0, self.spoiled, "-f", "^math f32$", spoil="declared_tf32")
        self.assertIn("tf32", rows["math f32"]["text"])
        self.check(0, self.spoiled, "-f", "^work graph$", spoil="graph")
        self.check(0, self.spoiled, "-f", "^(device|memory|queue|timer|sensor)")

    def test_opencl_passes_where_there_is_a_device(self):
        if not self.sim.with_name("opencl.so").exists():
            self.skipTest("the plugin is not built")
        report, _ = self.check((0, 77), "opencl", "-f", "^(plugin|device|memory|queue|sensor|thread|destroy)")
        self.assertEqual(report["plugin"]["backend"] or "opencl", "opencl")

    def test_refused_files(self):
        for name, words in REFUSED:
            with self.subTest(name=name):
                report, rows = self.check(1, self.stubs / f"{name}.so")
                self.assertEqual(self.failed(rows), ["plugin file"])
                self.assertRegex(rows["plugin file"]["text"], words)
                self.assertEqual(report["passed"], 0)

    def test_owner_and_modes(self):
        copy = self.folder / "open.so"
        shutil.copy(self.stubs / "good.so", copy)
        os.chmod(copy, 0o666)
        _, rows = self.check(1, copy, "-f", "^plugin file$")
        self.assertIn("can be written by everybody", rows["plugin file"]["text"])
        (self.folder / "link.so").symlink_to(self.stubs / "good.so")
        _, rows = self.check(1, "link.so", "-f", "^plugin file$")
        self.assertIn("symbolic link", rows["plugin file"]["text"])

    def test_a_stack_that_is_missing_is_no_failure(self):
        report, rows = self.check(77, self.spoiled, spoil="no_stack")
        self.assertEqual(report["failed"], 0)
        self.assertIn("libspoiled.so.1 is not installed", rows["plugin start"]["text"])

    def test_names_devices_and_parameters(self):
        report, _ = self.check(0, "sim", "-f", "^device", "-d", "sim:0?memory=64M")
        self.assertEqual(report["plugin"]["path"], str(self.sim.resolve()))
        report, _ = self.check(0, "cpu", "-f", "^(device|memory)")
        self.assertIsNone(report["plugin"]["path"])
        _, rows = self.check(1, self.sim, "-d", "sim:0?timer=3", "-f", "^timer$")
        self.assertIn("more than", rows["timer"]["text"])
        for lie in ("sensor_fault=zero", "power_clip=5"):
            _, rows = self.check(1, self.sim, "-d", f"sim:0?{lie}", "-f", "^sensor energy$")
            self.assertIn("of which sensor power shows", rows["sensor energy"]["text"])
        self.check(0, self.sim, "-d", "sim:0?gain=1.2,energy_period=500ms,energy_wrap=40,energy_step=0.5", "-f", "^sensor")
        self.refuse(3, "no backend \"abacus\"", "plugin", "check", "abacus")
        self.refuse(3, "no device 4; there is 1", "plugin", "check", self.sim, "-d", "sim:4")

    def test_mistakes(self):
        self.refuse(2, "'plugin' needs check", "plugin", "check")
        self.refuse(2, "can only 'check', not 'polish'", "plugin", "polish", "sim")
        self.refuse(2, "No such file", "plugin", "check", "./missing.so")
        self.refuse(2, "--filter '\\('", "plugin", "check", "sim", "-f", "(")
        self.refuse(2, "no check is left", "plugin", "check", "sim", "-f", "nothing of that name")
        self.refuse(2, "one --device, not 2", "plugin", "check", "sim", "-d", "sim:0,sim:1")
        self.refuse(2, "none of backend sim", "plugin", "check", "sim", "-d", "cpu")
        self.refuse(2, "the plugin is what is checked", "plugin", "check", "sim", "-d", "sim@/x.so:0")
        self.refuse(2, "no option '--rounds'", "plugin", "check", "sim", "--rounds", "3")
        self.refuse(2, "table or json", "plugin", "check", "sim", "--format", "csv")
        _, rows = self.check(1, self.sim, "-d", "cpu:0", "-f", "^plugin file$")
        self.assertIn("holds backend sim, not cpu", rows["plugin file"]["text"])
        _, rows = self.check(77, self.sim, "-d", "sim:0?colour=red", "-f", "^memory kinds$")
        self.assertIn("no parameter 'colour'", rows["memory kinds"]["text"])

    def test_the_table_can_be_pasted(self):
        out, err = self.expect(1, "plugin", "check", self.spoiled, "-f", "^(memory kinds|timer|queue events)$",
                               env={"STEELYARD_TEST_SPOIL": "timer_negative"})
        self.assertEqual(err, "")
        self.assertRegex(out, r"(?m)^plugin +/.*spoiled\.so$")
        self.assertRegex(out, r"(?m)^device +spoiled:0 simulated accelerator.*SIMULATED$")
        self.assertRegex(out, r"(?m)^memory kinds +pass  ")
        self.assertRegex(out, r"(?m)^timer +FAIL  ")
        self.assertRegex(out, r"\nverdict: FAIL - 3 checks: 2 passed, 1 failed, 0 skipped\n$")
        self.assertLessEqual(max(map(len, out.splitlines())), 140)

    def test_progress_is_told_when_asked_for(self):
        _, err = self.expect(0, "plugin", "check", self.sim, "-v", "-f", "^memory (kinds|fills)$")
        self.assertRegex(err, r"^\[1/2\] memory kinds +pass\n\[2/2\] memory fills +pass\n$")

    def test_interruption_ends_in_order(self):
        process = self.start("plugin", "check", self.spoiled, "-f", "^(memory kinds|timer|leak plans)$",
                             env={"STEELYARD_TEST_SPOIL": "hang"})
        child = support.wait_until(lambda: support.children_of(process.pid))
        self.assertTrue(child)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertRegex(out, r"(?m)^leak plans +skip  interrupted before$")
        self.assertTrue(support.wait_until(lambda: support.state_of(child[0]) in ("Z", None)))


if __name__ == "__main__":
    support.main()
