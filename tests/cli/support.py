"""What the command-line tests share: running the program, reading its records, a device of their own.

A test is called as `test_x.py PROGRAM [unittest arguments]`, or with the program in STEELYARD.
"""
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "results/schema/record-1.schema.json"
PROGRAM = os.environ.get("STEELYARD", "")

# A device that no other test uses: locks are by its parameters. With so little memory the ceiling of memory does
# not fit, which saves seconds.
SIM = f"sim:0?memory=32M,jitter=0.005,seed={os.getpid()}"
TINY = "gemm:m=8,n=8,k=8"


def flop_of(n):
    """FLOP of the n-th tiny problem below: all differ."""
    return 2 * 8 * 8 * (8 + n)


def tiny(n):
    return f"gemm:m=8,n=8,k={8 + n}"


@functools.lru_cache
def has_sanitizer():
    """Whether the program is built with the address sanitizer: it then ends differently and is many times slower."""
    symbols = subprocess.run(["grep", "-c", "__asan_init", PROGRAM], capture_output=True, text=True, check=False)
    return symbols.stdout.strip() not in ("", "0")


class Case(unittest.TestCase):
    """A test with a folder of its own and an environment that no one's settings enter."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="steelyard-cli-"))
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD")}
        self.environment.update(HOME=str(self.folder), LC_ALL="C", XDG_CONFIG_HOME=str(self.folder),
                                XDG_CACHE_HOME=str(self.folder / "cache"))
        # A window of energy and idle before and after it take as long as ten runs: tests of energy ask for it.
        self.environment["STEELYARD_ENERGY"] = "off"

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return str(self.folder / name)

    def write(self, name, text):
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / name).write_bytes(data)
        return self.path(name)

    def start(self, *arguments, **more):
        environment = dict(self.environment, **more.pop("env", {}))
        more.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=more.pop("stdout", subprocess.PIPE),
                                stderr=subprocess.PIPE, env=environment, cwd=self.folder, text=True, **more)

    def run_program(self, *arguments, timeout=600, **more):
        text = more.pop("input", None)
        if text is not None:
            more["stdin"] = subprocess.PIPE
        process = self.start(*arguments, **more)
        try:
            out, err = process.communicate(text, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail(f"still going after {timeout} s: {arguments}")
        return process.returncode, out or "", err

    def expect(self, status, *arguments, says=None, **more):
        """Run; the exit status must be `status` (or among them) and, on failure, stderr one clear line. A real device that
        somebody else measures on is no failure: the test is skipped."""
        got, out, err = self.run_program(*arguments, **more)
        wanted = status if isinstance(status, tuple) else (status,)
        if got == 3 and got not in wanted and "another program measures on this device" in err:
            self.skipTest("the device is in use by another program")
        self.assertIn(got, wanted, f"{arguments}\n{out}\n{err}")
        if says is not None:
            self.assertRegex(err, says)
        return out, err

    def refuse(self, status, says, *arguments, **more):
        """A mistake: that status, nothing on stdout, one line that begins with the program's name."""
        out, err = self.expect(status, *arguments, **more)
        self.assertEqual(out, "", arguments)
        self.assertTrue(err.startswith("steelyard: ") and err.endswith("\n") and err.count("\n") == 1, err)
        self.assertIsNone(re.search(r"[\x00-\x09\x0b-\x1f]", err), repr(err))
        self.assertRegex(err, says)
        return err

    def records(self, path):
        """The lines of a record, each valid by the schema; a torn last line is an error."""
        text = pathlib.Path(path).read_text(encoding="utf-8")
        if text:
            self.assertTrue(text.endswith("\n"), "torn last line")
        lines = [json.loads(line) for line in text.splitlines()]
        for line in lines:
            self.validate(line)
        return lines

    def validate(self, line):
        errors = [f"{list(e.path)}: {e.message}" for e in validator().iter_errors(line)]
        self.assertEqual(errors, [])

    def rows(self, path):
        return [line for line in self.records(path) if line["kind"] == "op"]

    def row_ids(self, path):
        ids = [line["row"]["id"] for line in self.rows(path)]
        self.assertEqual(len(ids), len(set(ids)), "a row is there twice")
        return set(ids)

    def statuses(self, path):
        return {line["key"]["problem"].split(",batch")[0]: line["status"] for line in self.rows(path)}


_validator = []


def validator():
    if not _validator:
        import jsonschema

        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        _validator.append(kind(schema))
    return _validator[0]


def children_of(pid):
    """Numbers of the living children of a process."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            pass
    return [child for child in found if state_of(child) not in ("Z", None)]


def state_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return None


def wait_until(condition, seconds=60, step=0.01):
    """Whether `condition` came true; no test depends on how soon."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(step)
    return None


def count_rows(path):
    try:
        return sum('"kind":"op"' in line for line in pathlib.Path(path).read_text().splitlines())
    except OSError:
        return 0


def main():
    global PROGRAM
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        PROGRAM = sys.argv.pop(1)
    if not PROGRAM:
        sys.exit("which program? give its path, or set STEELYARD")
    PROGRAM = os.path.abspath(PROGRAM)
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("needs Python's jsonschema (Debian: python3-jsonschema)")
        sys.exit(77)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.modules["support"] = sys.modules[__name__]
    unittest.main(module="__main__", argv=sys.argv)
