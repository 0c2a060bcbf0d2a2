#!/usr/bin/env python3
"""Runs on the simulated OpenCL library: simulated is marked, what the driver does wrong costs the rows it has to, nothing
is left over."""
import json
import os
import pathlib
import re
import unittest

import support
from support import Case

# Kernels for processors. With so little memory there are few sets of operands; what does not build saves the seconds that
# the ceiling takes.
WORLD = "type=cpu;memory=16M;delay_us=50;build=fail:void peak"
GEMM = "gemm:m=64,n=64,k=64"
OTHER = "gemm:m=64,n=64,k=65"
F64 = "gemm:m=64,n=64,k=64,dtype=f64"
QUICK = ("-r", "1", "--max-time", "200ms", "--check", "off")


class OpenCL(Case):
    def setUp(self):
        super().setUp()
        library = pathlib.Path(support.PROGRAM).parents[1] / "tests/vendor_sim/libOpenCL_sim.so"
        if not library.exists():
            self.skipTest(f"no {library}")
        self.environment["STEELYARD_OPENCL"] = str(library)
        self.set_world("")

    def set_world(self, settings):
        self.environment["STEELYARD_CL_SIM"] = f"{WORLD};report={self.path('objects')};{settings}"

    def run_rows(self, status, *problems, settings="", more=QUICK):
        """Rows of a run by problem; in each process that ended by itself no object may be left."""
        out = self.path("out.jsonl")
        pathlib.Path(out).unlink(missing_ok=True)
        self.set_world(settings)
        self.expect(status, "run", *problems, "-d", "opencl:0", "-o", out, "-q", *more)
        self.check_objects()
        self.end = self.records(out)[-1]
        return {row["key"]["problem"].split(",batch")[0] + self.type_of(row): row for row in self.rows(out)}

    @staticmethod
    def type_of(row):
        return ",dtype=f64" if "dtype=f64" in row["key"]["problem"] else ""

    def check_objects(self):
        """Lines as "context=0/1 queue=0/2 ...": alive/made. A device that is lost keeps its mappings."""
        lines = pathlib.Path(self.path("objects")).read_text().splitlines()
        self.assertNotEqual(lines, [])
        for line in lines:
            alive = dict(re.findall(r"(\w+)=(\d+)/", line))
            if "lost" in self.environment["STEELYARD_CL_SIM"]:
                del alive["mapping"]
            self.assertEqual(set(alive.values()), {"0"}, line)

    def test_devices_are_marked(self):
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, r"opencl:0 +Simulated GPU 0 +SIMULATED")
        out, _ = self.expect(0, "devices", "--format", "json")
        device = next(device for device in json.loads(out) if device["id"] == "opencl:0")
        self.assertTrue(device["simulated"])
        self.assertEqual(device["status"], "simulated")
        self.assertEqual(device["physical_id"], "pci:0000:10:00.0")
        self.assertEqual(device["libraries"][0]["name"], "opencl")

    def test_all_devices_of_all_platforms(self):
        self.set_world("platforms=2;devices=2;device=3;name=Last")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, r"opencl:3 +Last +SIMULATED")
        self.refuse(3, r"opencl:4.*4", "run", GEMM, "-d", "opencl:4", *QUICK)

    def test_no_platform(self):
        self.set_world("platforms=0")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, "opencl +unavailable: .*pocl-opencl-icd")
        self.refuse(3, "pocl-opencl-icd", "run", GEMM, "-d", "opencl:0", *QUICK)

    def test_no_device(self):
        self.set_world("devices=0")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, "opencl +unavailable: .*no device")
        self.refuse(3, "no device", "run", GEMM, "-d", "opencl:0", *QUICK)

    def test_no_library(self):
        self.environment["STEELYARD_OPENCL"] = self.path("none.so")
        out, _ = self.expect(0, "devices")
        self.assertRegex(out, "opencl +unavailable: .*none.so")
        self.refuse(3, "none.so", "run", GEMM, "-d", "opencl:0", *QUICK)

    def test_all_does_not_take_it(self):
        out, err = self.expect((0, 3), "run", GEMM, "-d", "all", "--dry-run")
        self.assertNotIn("opencl:0", out)

    def test_kernels_that_compute_nothing_are_wrong(self):
        row = self.run_rows(1, GEMM, more=("-r", "1", "--max-time", "200ms"))[GEMM]
        self.assertEqual(row["status"], "wrong")
        self.assertTrue(row["subject"]["simulated"])
        self.assertEqual(row["subject"]["device"]["name"], "Simulated GPU 0")

    def test_times_are_recorded(self):
        row = self.run_rows(0, GEMM)[GEMM]
        self.assertIn(row["status"], ("ok", "unstable"))
        self.assertGreater(row["time"]["host"]["median_ns"], 50e3)
        self.assertGreater(row["time"]["device"]["median_ns"], 50e3)

    def test_a_wrong_clock_is_not_believed(self):
        row = self.run_rows(0, GEMM, settings="clock=3")[GEMM]
        self.assertIs(row["time"]["device_believed"], False)
        self.assertEqual(row["time"]["headline"], "host")

    def test_without_profiling_there_is_no_device_time(self):
        for profiling in ("none", "backwards"):
            row = self.run_rows(0, GEMM, settings=f"profiling={profiling}")[GEMM]
            self.assertIn(row["status"], ("ok", "unstable"), profiling)
            self.assertNotIn("median_ns", row["time"].get("device") or {}, profiling)

    def test_programs_that_do_not_build(self):
        row = self.run_rows(77, GEMM, settings="build=fail")[GEMM]
        self.assertEqual(row["status"], "unsupported")
        self.assertIn("error: use of undeclared identifier 'simulated'", row["reason"])

    def test_one_program_that_does_not_build_costs_its_row(self):
        rows = self.run_rows(0, GEMM, F64, settings="build=fail:PANEL double")
        self.assertEqual(rows[F64]["status"], "unsupported")
        self.assertIn(rows[GEMM]["status"], ("ok", "unstable"))

    def test_a_type_that_the_device_lacks_costs_its_row(self):
        rows = self.run_rows(0, GEMM, F64, settings="fp64=0")
        self.assertEqual(rows[F64]["status"], "unsupported")
        self.assertIn("f64", rows[F64]["reason"])
        self.assertIn(rows[GEMM]["status"], ("ok", "unstable"))

    def test_memory_that_is_missed_once_costs_one_row(self):
        rows = self.run_rows((0, 1), GEMM, OTHER, settings="fail=clCreateBuffer:9:-4")
        bad = [row for row in rows.values() if row["status"] not in ("ok", "unstable")]
        self.assertLessEqual(len(bad), 1)
        for row in bad:
            self.assertIn("CL_MEM_OBJECT_ALLOCATION_FAILURE", row["reason"])

    def test_a_lost_device_costs_its_rows_and_not_the_program(self):
        for code in (-2, -36):
            rows = self.run_rows(1, GEMM, OTHER, settings=f"lost=60:{code}")
            self.assertEqual({row["status"] for row in rows.values()}, {"error"})
            for row in rows.values():
                self.assertRegex(row["reason"], "CL_DEVICE_NOT_AVAILABLE|CL_INVALID_COMMAND_QUEUE|device lost")
            self.assertEqual(self.end["kind"], "end")

    def test_absurd_values(self):
        self.set_world("units=0;group=0;alloc=0;simd=0;vector=0;cache=0;align=0")
        self.expect(0, "devices")
        rows = self.run_rows((0, 1, 77), GEMM, settings="units=0;group=0;alloc=0;simd=0;vector=0;cache=0;align=0")
        self.assertEqual(set(rows), {GEMM})

    def test_programs_are_kept_in_the_users_cache(self):
        first = self.run_rows(0, GEMM)[GEMM]
        kept = list((self.folder / "cache/steelyard/opencl").glob("*.bin"))
        self.assertGreater(len(kept), 0)
        self.assertGreater(first["time"].get("compile_ns") or 0, 0)
        second = self.run_rows(0, GEMM)[GEMM]
        self.assertFalse(second["time"].get("compile_ns"))
        rebuilt = self.run_rows(0, GEMM, settings="binary=reject")[GEMM]
        self.assertIn(rebuilt["status"], ("ok", "unstable"))
        for file in kept:
            os.truncate(file, 100)
        damaged = self.run_rows(0, GEMM)[GEMM]
        self.assertGreater(damaged["time"].get("compile_ns") or 0, 0)


if __name__ == "__main__":
    support.main()
