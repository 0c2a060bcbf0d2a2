#!/usr/bin/env python3
"""Published figures: `devices --catalogue`, and that none of them stands beside a device that it is not of."""
import json
import os
import pathlib
import re
import shutil

import support
from support import SIM, TINY, Case

FIGURE = re.compile(r"^  (peak \S+|memory|bandwidth|interconnect|power limit|year|memory type|process) ")


class Catalogue(Case):
    def show(self, name, *more):
        return self.expect(0, "devices", "--catalogue", name, *more)[0]

    def document(self, name):
        return json.loads(self.show(name, "--format", "json"))

    def test_an_entry_by_any_of_its_names(self):
        text = self.show("h100-sxm")
        self.assertTrue(text.startswith("NVIDIA H100 SXM5 80GB (h100-sxm)"))
        self.assertRegex(text, r"\n  peak bf16 +989 TFLOP/s +vendor +stas, aic\n")
        self.assertRegex(text, r"\n  bandwidth +3350 GB/s +vendor ")
        for name in ("NVIDIA H100 80GB HBM3", "h100 sxm5 80gb", "英伟达 H100 SXM5 80GB"):
            self.assertEqual(self.show(name), text)

    def test_no_figure_without_confidence_and_sources(self):
        ids = [line.split()[0] for line in self.show("all").splitlines()]
        self.assertGreaterEqual(len(ids), 68)
        seen = 0
        for name in ids[::7]:
            text = self.show(name)
            listed = set(re.findall(r"^  (\S+) +(?:vendor|vendor-copy|press|measured|derived): ", text, re.M))
            for line in filter(FIGURE.match, text.splitlines()):
                match = re.search(r" (vendor|press|estimate) +([a-z0-9]+(?:, [a-z0-9]+)*)", line)
                self.assertTrue(match, line)
                self.assertLessEqual(set(match.group(2).split(", ")), listed, line)
                seen += 1
        self.assertGreater(seen, 50)

    def test_as_json_with_the_sources_it_names(self):
        document = self.document("h100-sxm")
        self.assertEqual([device["id"] for device in document["devices"]], ["h100-sxm"])
        figure = document["devices"][0]["peak_dense_tera_per_s"]["bf16"]
        self.assertEqual((figure["value"], figure["confidence"]), (989, "vendor"))
        sources = {source["id"] for source in document["sources"]}
        self.assertLessEqual(set(figure["source"]), sources)
        self.assertNotIn("cann", sources)
        self.assertEqual(len(self.document("all")["devices"]), len(self.show("all").splitlines()))

    def test_two_that_fit_are_both_shown(self):
        text = self.show("MetaX C500")
        self.assertTrue(text.startswith("two variants fit: c500-pcie, c500-oam\n"))
        self.assertEqual([device["id"] for device in self.document("MetaX C500")["devices"]],
                         ["c500-pcie", "c500-oam"])

    def refused(self, name, status=2, **more):
        out, err = self.expect(status, "devices", "--catalogue", name, **more)
        self.assertEqual(out, "")
        self.assertEqual(err.count("\n"), 1, err)
        return err

    def test_a_name_it_has_not(self):
        self.assertIn("near: h100-sxm", self.refused("H100"))
        self.assertIn("near: ascend-910b1, ascend-910b2, ascend-910b3, ascend-910b4", self.refused("910B"))
        self.assertIn("did you mean 'h100-sxm'?", self.refused("h100-smx"))
        self.assertIn("--catalogue all", self.refused("abacus"))
        self.assertNotIn("\x1b", self.refused("\x1b[31mred"))
        self.refused("x" * 5000)

    def test_a_file_of_ones_own_goes_first(self):
        entry = {"id": "mine", "name": "Mine", "power_w": {"value": 7, "confidence": "estimate", "source": ["me"]}}
        document = {"schema": "steelyard.devices/1", "sources": [{"id": "me", "kind": "press", "title": "Me"}],
                    "devices": [entry]}
        self.write("devices.json", json.dumps(document))
        own = {"STEELYARD_REFERENCE": str(self.folder)}
        self.assertIn("  power limit   7 W ", self.expect(0, "devices", "--catalogue", "mine", env=own)[0])
        del entry["power_w"]["confidence"]
        self.write("devices.json", json.dumps(document))
        err = self.refused("mine", env=own)
        self.assertIn(f"{self.folder}/devices.json: devices[0]: 'mine': power_w has no confidence", err)
        self.write("devices.json", "{")
        self.assertIn("devices.json: line 1", self.refused("mine", env=own))

    def test_a_simulated_device_and_a_processor_have_none(self):
        devices = json.loads(self.expect(0, "devices", "--format", "json")[0])
        for device in devices:
            if device["backend"] in ("cpu", "sim") and device["status"] in ("ready", "simulated"):
                self.assertIsNone(device["datasheet"])
        out = self.path("sim.jsonl")
        self.expect(0, "run", TINY, "-d", SIM, "-r", "1", "--max-time", "200ms", "-q", "-o", out)
        for row in self.rows(out):
            self.assertNotIn("of_datasheet", row["rate"])
            self.assertNotIn("datasheet_confidence", row["rate"])


class RealDevice(Case):
    """A device that is not simulated, by a stub plugin, and a catalogue of this test's own."""

    ONE = {"id": "mine", "name": "Mine", "kind": "accelerator", "driver": [{"name": "Host  Memory", "seen": "here", "units": 1}],
           "peak_dense_tera_per_s": {"f32": {"value": 0.002, "confidence": "estimate", "source": ["me"]}}}

    def setUp(self):
        super().setUp()
        built = pathlib.Path(support.PROGRAM).parent.parent / "tests/plugins/good.so"
        if not built.exists():
            self.skipTest("the stub plugins are not built")
        plugins = self.folder / "plugins"
        plugins.mkdir(mode=0o700)
        shutil.copy(built, plugins / "good.so")
        os.chmod(plugins / "good.so", 0o644)
        self.environment.update(STEELYARD_PLUGIN_PATH=str(plugins), STEELYARD_REFERENCE=str(self.folder))

    def offer(self, *devices):
        self.write("devices.json", json.dumps({"schema": "steelyard.devices/1", "devices": devices,
                                               "sources": [{"id": "me", "kind": "press", "title": "Me"}]}))

    def row(self):
        out = self.path("row.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        shown, err = self.expect(0, "run", TINY, "-d", "good:0", "-r", "1", "--max-time", "200ms", "-o", out)
        row, = self.rows(out)
        return row["rate"], shown, err

    def datasheet(self):
        devices = json.loads(self.expect(0, "devices", "--format", "json")[0])
        return next(device["datasheet"] for device in devices if device["id"] == "good:0")

    def test_one_that_is_certain(self):
        self.offer(self.ONE)
        self.assertEqual(self.datasheet(), "mine")
        self.assertRegex(self.expect(0, "devices")[0], r"good:0 .*\n(  .*\n)* +data sheet mine\n")
        rate, shown, _ = self.row()
        self.assertAlmostEqual(rate["of_datasheet"], rate["flop_per_s"] / 2e9, places=9)
        self.assertEqual(rate["datasheet_confidence"], "estimate")
        for line in shown.splitlines():
            if "data sheet" in line:
                self.assertIn("(estimate)", line)

    def test_one_that_is_not(self):
        other = dict(self.ONE, id="yours", name="Yours")
        units = dict(self.ONE, driver=[{"name": "host memory", "seen": "here", "units": 2}])
        name = dict(self.ONE, driver=[{"name": "host mem", "seen": "here"}])
        processor = dict(self.ONE, kind="cpu")
        for devices, says in (((self.ONE, other), "two variants fit: mine, yours"), ((units,), None), ((name,), None),
                              ((processor,), None)):
            self.offer(*devices)
            self.assertEqual(self.datasheet(), says)
            rate, _, _ = self.row()
            self.assertNotIn("of_datasheet", rate)
            self.assertNotIn("datasheet_confidence", rate)

    def test_a_broken_catalogue_costs_no_run(self):
        self.write("devices.json", "{")
        rate, _, err = self.row()
        self.assertNotIn("of_datasheet", rate)
        self.assertRegex(err, r"steelyard: warning: no data sheets: .*devices\.json: line 1: ")


if __name__ == "__main__":
    support.main()
