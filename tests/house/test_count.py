#!/usr/bin/env python3
"""How tests/run counts what ctest writes down."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).parents[1] / "support/count_results.py"

# In the form of ctest 3.25.
CASE = {
    "passed": '<testcase name="{}" time="{}" status="run"><system-out>a &lt;b&gt;</system-out></testcase>',
    "failed": '<testcase name="{}" time="{}" status="fail"><failure message=""/></testcase>',
    "left out": '<testcase name="{}" time="{}" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>',
    "off": '<testcase name="{}" time="{}" status="disabled"><system-out>Disabled</system-out></testcase>',
    "no program": '<testcase name="{}" time="{}" status="notrun"><skipped message="Unable to find executable"/></testcase>',
    "no fixture": '<testcase name="{}" time="{}" status="notrun"><skipped message="Fixture dependency failed"/></testcase>',
}


def count(*cases):
    """(numbers, longest, failed) of tests given as (kind, name, seconds)."""
    text = "".join(CASE[kind].format(name, seconds) for kind, name, seconds in cases)
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?><testsuite name="x" failures="7">{text}</testsuite>')
        file.flush()
        out = subprocess.run([sys.executable, "-B", SCRIPT, file.name], capture_output=True, text=True, check=True).stdout
    first, second, *rest = out.split("\n")[:-1]
    return tuple(map(int, first.split())), second, rest


class Count(unittest.TestCase):
    def test_each_outcome_once(self):
        cases = [(kind, f"unit/{kind}", 1) for kind in CASE]
        numbers, _, failed = count(*cases)
        self.assertEqual(numbers, (1, 3, 2))
        self.assertEqual(failed, ["unit/failed", "unit/no fixture", "unit/no program"])

    def test_of_a_repeated_test_the_last_try_counts(self):
        numbers, _, failed = count(("failed", "a", 600), ("passed", "b", 1), ("passed", "a", 13))
        self.assertEqual((numbers, failed), ((2, 0, 0), []))
        numbers, _, failed = count(("failed", "a", 600), ("failed", "a", 600))
        self.assertEqual((numbers, failed), ((0, 1, 0), ["a"]))

    def test_the_longest_come_first(self):
        _, longest, _ = count(("passed", "short", 0.2), ("failed", "long", "1e2"), ("passed", "middle", 7.6))
        self.assertEqual(longest, "long 100, middle 8, short 0")

    def test_what_cannot_be_read_is_an_error(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("<testsuite><testcase")
            file.flush()
            self.assertNotEqual(subprocess.run([sys.executable, "-B", SCRIPT, file.name], capture_output=True,
                                               check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
