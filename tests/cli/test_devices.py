#!/usr/bin/env python3
"""Which devices `all` takes, and why not the others: a plugin that drives the host's processor once more, by a general
interface, as OpenCL does."""
import json
import os
import pathlib
import shutil
import time

import support
from support import TINY, Case


class Devices(Case):
    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parent.parent / "tests/plugins/general.so"
        if not built.exists():
            self.skipTest("the stub plugins are not built")
        plugins = self.folder / "plugins"
        plugins.mkdir(mode=0o700)
        shutil.copy(built, plugins / "a.so")
        os.chmod(plugins / "a.so", 0o644)
        self.environment["STEELYARD_PLUGIN_PATH"] = str(plugins)

    def test_the_processor_is_listed_by_each_and_measured_by_one(self):
        out, _ = self.expect(0, "devices", "--format", "json")
        devices = [device for device in json.loads(out) if device["backend"] in ("cpu", "any")]
        self.assertEqual([device["id"] for device in devices], ["cpu", "any:0", "any:1"])
        self.assertIsNone(devices[0]["left_out"])
        for device in devices[1:]:
            self.assertEqual(device["left_out"], "the host's processor is measured as cpu")
        text, _ = self.expect(0, "devices")
        self.assertRegex(text, r"any:1 +driver 1 .*\n(  .*\n)* +left out by --device all: the host's processor is "
                               r"measured as cpu\n")

    def test_general_interfaces_are_listed_last(self):
        out, _ = self.expect(0, "devices", "--format", "json")
        backends = [device["backend"] for device in json.loads(out) if device["status"] in ("ready", "simulated")]
        self.assertGreater(backends.index("any"), backends.index("sim"))

    def test_all_takes_it_once(self):
        out, _ = self.expect(0, "run", TINY, "-d", "all", "-n")
        self.assertIn(" cpu ", out)
        self.assertNotIn(" any:", out)

    def test_by_name_both_are_measured_one_after_the_other(self):
        out = self.path("both.jsonl")
        self.expect(0, "run", TINY, "-d", "cpu,any:1,any:0", "-r", "2", "--max-time", "200ms", "-o", out, "-q")
        rows = self.rows(out)
        self.assertEqual([row["request"]["device"] for row in (line["row"] for line in rows)],
                         ["cpu", "any:1", "any:0"])
        self.assertEqual({row["check"]["status"] for row in rows}, {"ok"})


class Meters(Case):
    """Meters of energy, on a tree of this test's own."""

    def setUp(self):
        super().setUp()
        self.zone = self.folder / "root/sys/class/powercap/intel-rapl:0"
        self.environment["STEELYARD_SYSROOT"] = str(self.folder / "root")

    def make_zone(self):
        self.zone.mkdir(parents=True)
        for name, text in (("name", "package-0"), ("energy_uj", "1000"), ("max_energy_range_uj", "262143328850")):
            (self.zone / name).write_text(text + "\n")

    def devices(self):
        out, _ = self.expect(0, "devices", "--format", "json")
        return {device["id"]: device for device in json.loads(out)}

    def test_those_of_the_machine_stand_at_the_processor_alone(self):
        self.make_zone()
        devices = self.devices()
        holders = [name for name, device in devices.items()
                   if any(meter["name"].startswith("powercap") for meter in device["energy"])]
        self.assertEqual(holders, ["cpu"])
        meter = next(meter for meter in devices["cpu"]["energy"] if meter["name"] == "powercap:package-0")
        self.assertEqual([meter[key] for key in ("kind", "scope", "state", "reason", "fix")],
                         ["counter", "package", "ready", None, None])
        self.assertIsNone(meter["gain"])
        self.assertGreater(meter["resolution"], 0)
        text, _ = self.expect(0, "devices")
        self.assertIn("meters of this machine\n", text)
        self.assertIn("\n  powercap:package-0: counter, package, every 1 ms, gain not known\n", text)
        self.assertIn("intel-rapl:0", self.expect(0, "devices", "-v")[0])

    def free_sim(self):
        """The simulated device, once no other test has it: one in use is not opened."""
        for _ in range(60):
            sim = self.devices()["sim:0"]
            if sim["energy_reason"] is None:
                break
            time.sleep(0.5)
        return sim

    def test_those_of_a_device_stand_at_it(self):
        sim = self.free_sim()
        self.assertIsNone(sim["energy_reason"])
        counter = next(meter for meter in sim["energy"] if meter["kind"] == "counter")
        self.assertEqual((counter["name"].split(":")[0], counter["scope"], counter["state"]),
                         ("device", "card", "ready"))

    def test_what_is_missing_has_a_reason_and_a_fix(self):
        (self.folder / "root/sys").mkdir(parents=True)
        meter = next(meter for meter in self.devices()["cpu"]["energy"] if meter["name"] == "powercap")
        self.assertEqual((meter["state"], meter["kind"], meter["scope"]), ("unavailable", None, None))
        self.assertTrue(meter["reason"] and meter["fix"])
        self.assertRegex(self.expect(0, "devices")[0], r"\n  powercap: unavailable: .+; to have it: .+\n")

    def test_a_zone_that_only_root_may_read(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        self.make_zone()
        (self.zone / "energy_uj").chmod(0)
        meter = next(meter for meter in self.devices()["cpu"]["energy"] if meter["name"] == "powercap:package-0")
        self.assertEqual(meter["state"], "not permitted")
        self.assertTrue(meter["fix"])


if __name__ == "__main__":
    support.main()
