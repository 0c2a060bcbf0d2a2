#!/usr/bin/env python3
"""Which devices `all` takes, and why not the others: a plugin that drives the host's processor once more, by a general
interface, as OpenCL does."""
import json
import os
import pathlib
import shutil

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


if __name__ == "__main__":
    support.main()
