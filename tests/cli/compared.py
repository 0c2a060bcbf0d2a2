"""What the tests of `compare` share: records of simulated devices, made once, and running it.

A simulated device's time is its own; its `launch` is nearly all of the time of these tiny problems, so that 10 % more of
it is a build 10 % slower.
"""
import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as tree

import support

SCHEMA = str(support.ROOT / "tests/cli/report/junit.xsd")
PROBLEMS = ["gemm:m=32,n=32,k=32", "gemm:m=32,n=48,k=32", "gemm:m=48,n=32,k=32"]
LOST_FLOP = 2 * 48 * 32 * 32 * 1  # of the second and third; the first has fewer


def device(number, more=""):
    """A device of this test's own: kind and card by its parameters."""
    return f"sim:0?memory=32M,jitter=0.02,seed={os.getpid() * 16 + number}{more}"


class Compared(support.Case):
    made = {}  # records by what they are of, made once: (name) -> bytes

    def record(self, name, number=1, more="", problems=None, status=0):
        if name not in Compared.made:
            path = self.path("making.jsonl")
            self.expect(status, "run", *(problems or PROBLEMS), "-t", "f32", "-r", 3, "--energy", "off", "-q",
                        "-d", device(number, more), "-o", path)
            with open(path, "rb") as file:
                Compared.made[name] = file.read()
            os.remove(path)
        return self.write(f"{name}.jsonl", Compared.made[name])

    def lines(self, path):
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def base(self):
        return self.record("base")

    def again(self):
        return self.record("again", 1, "")

    def slow(self):
        return self.record("slow", 1, ",launch=5.5us,peak=9T")

    def crashed(self):
        return self.record("crashed", 1, f",fault=crash,fault_flop={LOST_FLOP}", status=1)

    def compare(self, status, *arguments, says=None):
        out, err = self.expect(status, "compare", *arguments)
        self.assertEqual(err, "", arguments)
        if says is not None:
            self.assertRegex(out, says)
        return out

    def junit(self, status, *arguments):
        """Cases by name, each its element's kind (or passed) and message; xmllint and the counts must agree."""
        text = self.compare(status, *arguments, "--format", "junit")
        path = self.write("out.xml", text)
        if shutil.which("xmllint"):
            done = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, path], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        suites = tree.fromstring(text)
        suite = suites.find("testsuite")
        cases = {}
        for case in suite.findall("testcase"):
            found = [child for child in case if child.tag in ("failure", "error", "skipped")]
            self.assertLessEqual(len(found), 1)
            self.assertNotIn(case.get("name"), cases)
            cases[case.get("name")] = (found[0].tag, found[0].get("message")) if found else ("passed", None)
        kinds = [kind for kind, _ in cases.values()]
        self.assertEqual([suite.get(name) for name in ("tests", "failures", "errors", "skipped")],
                         [str(n) for n in (len(kinds), kinds.count("failure"), kinds.count("error"),
                                           kinds.count("skipped"))])
        self.assertEqual(suites.get("failures"), suite.get("failures"))
        return cases

    def document(self, status, *arguments):
        return json.loads(self.compare(status, *arguments, "--format", "json"))
