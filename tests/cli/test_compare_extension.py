"""`compare --base-build`: what a gate does not let pass is measured again, once, by both builds in turn."""
import csv
import io
import json
import os
import re
import signal

import support
from compared import Compared, device


class Extensions(Compared):
    """Rows that a gate does not let pass are measured again, once, by both builds in turn."""

    def build(self, name, text="", ask=None):
        """A build: this program with another device than it is asked for, or a script of its own."""
        words = (f'for a; do shift; case "$a" in --device=*) a="--device={ask}";; esac; set -- "$@" "$a"; done\n'
                 if ask else "")
        path = self.write(name, f'#!/bin/sh\necho "$1 $2" >>{self.path("calls")}\n{text}\n{words}'
                                f'exec {support.PROGRAM} "$@"\n')
        os.chmod(path, 0o755)
        return path

    def calls(self):
        try:
            with open(self.path("calls"), encoding="utf-8") as file:
                return len(file.readlines())
        except OSError:
            return 0

    def false_alarm(self):
        """A record that says it is of the base's device and is 10 % slower."""
        slow = self.slow() and Compared.made["slow"]
        return self.write("alarm.jsonl", slow.replace(b",launch=5.5us,peak=9T", b""))

    def gate(self, status, *arguments, says=None):
        out, err = self.expect(status, "compare", *arguments, "--gate", "time:5%")
        if says is not None:
            self.assertRegex(out, says)
        return out, err

    def test_a_false_alarm_is_cleared(self):
        base, new, folder = self.base(), self.false_alarm(), self.path("kept")
        self.gate(1, base, new, says="3 regressed")
        out, err = self.gate(0, base, new, "--base-build", self.build("base"), "-o", folder, says=": passed")
        self.assertIn("extension: 3 rows are measured again, once: 3 blocks BASE NEW NEW BASE", err)
        self.assertRegex(out, r"extension, fixed beforehand: 3 rows measured again once,[^;]*; 3\s+count")
        self.assertEqual(len(re.findall(r"time was regressed, with the\s+extension\s+passed", out)), 3, out)
        self.assertEqual(self.calls(), 6)
        # What was kept says the same when it is compared by hand.
        kept = sorted(os.listdir(folder))
        sides = [[os.path.join(folder, name) for name in kept if name.startswith(side)] for side in ("base", "new")]
        self.assertEqual([len(side) for side in sides], [6, 6])
        pooled = [self.path("pooled-base.jsonl"), self.path("pooled-new.jsonl")]
        for first, more, to in zip((base, new), sides, pooled):
            self.expect(0, "merge", first, *more, "-o", to)
        self.gate(0, *pooled, says="3 of 3 rows decided")

    def test_a_true_one_is_confirmed(self):
        out, _ = self.gate(1, self.base(), self.slow(), "--base-build", self.build("base"))
        self.assertEqual(len(re.findall(r"time was regressed, with the\s+extension\s+regressed", out)), 3, out)
        self.assertEqual(self.calls(), 6)

    def test_both_builds_may_be_given(self):
        """A build is what its program makes of what it is asked for: here one that is always slower."""
        slower = self.build("new", ask=device(1, ",launch=5.5us,peak=9T"))
        out, _ = self.gate(1, self.base(), self.false_alarm(), "--base-build", self.build("base"), "--new-build", slower)
        self.assertRegex(out, r"time was regressed, with the\s+extension\s+regressed")
        self.assertEqual(self.calls(), 12)

    def test_nothing_is_measured_where_nothing_is_accused(self):
        self.gate(0, self.base(), self.again(), "--base-build", self.build("base"))
        self.assertEqual(self.calls(), 0)

    def test_a_build_that_fails_changes_nothing(self):
        for text, says in (("echo 'no such option' >&2; exit 2", "ended with status 2: 'no such option'"),
                           ("kill -9 $$", "ended by signal 9"), ("exit 0", "wrote no record"),
                           ("exit 1", "ended with status 1")):
            out, _ = self.gate(1, self.base(), self.slow(), "--base-build", self.build("base", text))
            self.assertRegex(" ".join(out.split()), "the extension came to nothing: .*base: " + says, text)
        broken = self.write("broken", b"\x7fELF")
        os.chmod(broken, 0o755)
        out, _ = self.gate(1, self.base(), self.slow(), "--base-build", broken)
        self.assertRegex(" ".join(out.split()), "the extension came to nothing: .*broken: .*Exec format")

    def test_a_record_opens_no_plugin_and_adds_no_option(self):
        base = self.base() and Compared.made["base"].decode()
        slow = self.slow() and Compared.made["slow"].decode()
        for name in ("sim@/tmp/evil.so:0", "--output=/tmp/steelyard-evil"):
            paths = []
            for at, text in enumerate((base, slow)):
                lines = [json.loads(line) for line in text.splitlines()]
                for line in lines:
                    if line["kind"] == "op":
                        line["row"]["request"]["device"] = name
                paths.append(self.write(f"hostile{at}.jsonl", "".join(json.dumps(line) + "\n" for line in lines)))
            out, err = self.gate(1, *paths, "--base-build", self.build("base"))
            self.assertIn("name it with --device", " ".join(out.split()))
            self.assertEqual(self.calls(), 0)
            self.assertFalse(os.path.exists("/tmp/steelyard-evil"))

    def test_it_is_in_every_form(self):
        import jsonschema

        base, new, build = self.base(), self.false_alarm(), self.build("base")
        found = json.loads(self.gate(0, base, new, "--base-build", build, "--format", "json")[0])
        self.assertEqual(found["extension"], [{"blocks": 3, "rows": 3, "measured": 3, "counted": 3}])
        self.assertEqual({row.get("gate_before") for row in found["rows"] if row["quantity"] == "time"}, {"regressed"})
        schema = json.loads((support.ROOT / "results/schema/compare-1.schema.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, schema)
        out, _ = self.gate(0, base, new, "--base-build", build, "--format", "csv")
        self.assertEqual({row["gate_before"] for row in csv.DictReader(io.StringIO(out)) if row["quantity"] == "time"},
                         {"regressed"})
        out, _ = self.gate(0, base, new, "--base-build", build, "--format", "markdown")
        self.assertIn("- note: extension, fixed beforehand", out)

    def test_it_may_be_interrupted_and_leaves_nothing(self):
        base, slow = self.base(), self.slow()
        os.mkdir(self.path("temporary"))
        process = self.start("compare", base, slow, "--gate", "time:5%", "--base-build", self.build("base", "sleep 100"),
                             env={"TMPDIR": self.path("temporary")})
        self.assertTrue(support.wait_until(self.calls))
        self.assertEqual(len(os.listdir(self.path("temporary"))), 1)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (130, ""))
        self.assertEqual(os.listdir(self.path("temporary")), [])

    def test_mistakes_are_one_clear_line(self):
        base, slow, build = self.base(), self.slow(), self.build("base")
        for says, *arguments in (("belongs to --gate", base, slow, "--base-build", build),
                                 ("belongs to --base-build", base, slow, "--gate", "time:5%", "--new-build", build),
                                 ("no program that can be run", base, slow, "--gate", "time:5%", "--base-build", "none"),
                                 ("no program that can be run", base, slow, "--gate", "time:5%", "--base-build", base),
                                 ("BASE and NEW alone", base, slow, slow, "--gate", "time:5%", "--base-build", build),
                                 ("BASE and NEW alone", base, slow, "--across", "--gate", "time:5%", "--base-build",
                                  build)):
            self.refuse(2, says, "compare", *arguments)
        os.mkdir(self.path("there"))
        self.expect((2,), "compare", base, slow, "--gate", "time:5%", "--base-build", build, "-o", self.path("there"),
                    says="there.*exists")
        self.assertEqual(self.calls(), 0)


if __name__ == "__main__":
    support.main()
