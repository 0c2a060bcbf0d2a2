#!/usr/bin/env python3
"""Joins our records (device time) with what the vendor's libraries did by hand and through PyTorch; writes a summary.

Usage: compare.py FOLDER    FOLDER holds *.jsonl of steelyard, by_hand*.jsonl, torch*.jsonl, facts.txt, steps.tsv and
                            devices.txt, as `run` leaves them, and problems/*.txt; what is absent is said to be absent.
The summary goes to standard output. Exit status 0; 1 if rows are below 0.99 of the best; 2 if there is nothing to join.
"""
import json
import math
import pathlib
import sys

import problem as problems

LEAST = 0.99  # of the rate of the best of the others, by device time
PEERS = ("cublaslt", "cudnn-legacy", "torch")


def read_lines(path):
    """JSON lines; one that is cut off by a time limit is left out."""
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return [line for line in found if isinstance(line, dict)]


class Results:
    """Everything in a folder, by who said it."""

    def __init__(self, folder):
        self.folder = folder
        self.ours, self.peers, self.other, self.environment = {}, {}, [], []
        self.names = self.read_names()
        for path in sorted(set(folder.glob("*.jsonl")) - {folder / "opencl.jsonl"}):
            for line in read_lines(path):
                self.take(line)

    def read_names(self):
        names = {}
        for path in sorted((self.folder / "problems").glob("*.txt")):
            for problem in problems.read(path):
                names.setdefault(problem.text, (path.stem, problem.name))
        return names

    def take(self, line):
        if line.get("schema", "").startswith("steelyard.record/"):
            if line["kind"] == "op":
                self.ours.setdefault(line["key"]["problem"], line)
            elif line["kind"] == "environment":
                self.environment.append(line["environment"])
        elif line.get("kind") == "op":
            self.peers.setdefault(line["problem"], {})[line["source"]] = line
        else:
            self.other.append(line)

    def text(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def our_time(row):
    """(ns, a word): the device's time where it is believed, else the host's, and which."""
    times = row.get("time", {})
    device = times.get("device") or {}
    if times.get("device_believed") and device.get("median_ns"):
        return device["median_ns"], ""
    host_ns = (times.get("host") or {}).get("median_ns")
    return host_ns, "host time" if host_ns else ""


def clock(row):
    return ((row.get("conditions") or {}).get("clock_mhz") or {}).get("mean")


class Row:
    """One problem: our time and everybody else's."""

    def __init__(self, text, results):
        group, name = results.names.get(text, ("other", ""))
        self.problem = problems.parse(text, name)
        self.group, self.name = group, name or text.split(",batch")[0]
        self.peers = results.peers.get(text, {})
        row = results.ours.get(text)
        self.status = row["status"] if row else "not run"
        self.ns, self.note = our_time(row) if row else (None, "")
        if ((row or {}).get("subject") or {}).get("simulated"):
            self.note += " SIMULATED"
        self.reason = (row or {}).get("reason", "")
        self.algorithm = ((row or {}).get("subject") or {}).get("algorithm", "")
        self.mhz = clock(row) if row else None

    def peer(self, source):
        return self.peers.get(source, {}).get("ns")

    @property
    def best(self):
        times = [(self.peer(source), source) for source in PEERS if self.peer(source)]
        return min(times) if times else None

    @property
    def ratio(self):
        """Our rate over the best of the others: theirs / ours in time."""
        return self.best[0] / self.ns if self.best and self.ns else None

    @property
    def graph(self):
        times = [peer["graph_ns"] for peer in self.peers.values() if peer.get("graph_ns")]
        return min(times) if times else None

    @property
    def is_low(self):
        return self.ratio is not None and self.ratio < LEAST


def micro(ns):
    return f"{ns / 1e3:.2f}" if ns else "-"


def tera(row):
    flop = problems.flop(row.problem)
    return f"{flop / row.ns / 1e3:.1f}" if row.ns and flop else "-"


def cells(row):
    mark = " **low**" if row.is_low else ""
    peer = row.peers.get(row.best[1], {}) if row.best else {}
    clocks = "/".join(str(round(mhz)) if mhz else "-" for mhz in (row.mhz, peer.get("sm_mhz")))
    notes = "; ".join(note for note in (row.note, "" if row.status == "ok" else row.status, row.reason[:90],
                                        *(f"{s}: {p['error'][:80]}" for s, p in sorted(row.peers.items()) if "error" in p)) if note)
    ratio = f"{row.ratio:.3f}{mark}" if row.ratio else "-"
    return [row.name, row.problem.kind, micro(row.ns), tera(row), micro(row.peer("cublaslt") or row.peer("cudnn-legacy")),
            micro(row.peer("torch")), micro(row.graph), ratio, clocks, row.algorithm, peer.get("way", ""), notes]


HEAD = ["problem", "type", "ours us", "Tflop/s", "by hand us", "torch us", "graph us", "ours / best", "MHz ours/best",
        "our algorithm", "best way", "notes"]


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "/").replace("\n", " ") for cell in row) + " |"


def mean(ratios):
    return math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))


def means(rows):
    """Geometric mean of the ratios by list and type."""
    groups = {}
    for row in rows:
        groups.setdefault((row.group, row.problem.kind), []).append(row)
        groups.setdefault((row.group, "all"), []).append(row)
    for (group, kind), members in sorted(groups.items()):
        ratios = [row.ratio for row in members if row.ratio]
        low = sum(row.is_low for row in members)
        yield [group, kind, len(members), len(ratios), f"{mean(ratios):.3f}" if ratios else "-",
               f"{min(ratios):.3f}" if ratios else "-", low]


def describe_card(results):
    cards = [line for line in results.other if line.get("kind") == "card"]
    by_hand = next((line for line in cards if line["source"] == "by_hand"), None)
    torch = next((line for line in cards if line["source"] == "torch"), None)
    if by_hand:
        yield (f"Card: {by_hand['name']} ({by_hand['pci']}), {by_hand['sm']} SMs, driver {by_hand['driver']}, SM clock at most "
               f"{by_hand['sm_mhz_max']} MHz, memory {by_hand['mem_mhz_max']} MHz, limit {by_hand['power_limit_mw'] / 1e3:.0f} W. "
               f"By hand: cuBLASLt {by_hand['cublaslt']}, cuDNN {by_hand['cudnn']}, runtime {by_hand['cuda_runtime']}.")
    else:
        yield "Card: by_hand said nothing of it."
    yield (f"PyTorch {torch['torch']}, CUDA {torch['cuda']}, cuDNN {torch['cudnn']} on {torch['name']}." if torch
           else "PyTorch: not run, or it sees no card.")
    for environment in results.environment[:1]:
        build = environment.get("build", {})
        yield f"Ours: steelyard {build.get('version')}, commit {build.get('commit')}."
    yield ""
    yield from ("    " + line for line in results.text("facts.txt").splitlines()[:60])


def copies(results):
    rows = [[line["copy"], line["byte"] >> 20, f"{line['byte_per_s'] / 1e9:.1f}"]
            for line in results.other if line.get("kind") == "copy" and "byte_per_s" in line]
    if rows:
        yield "\n## Copies by hand (bytes of one direction)\n"
        yield from table(["copy", "MiB", "GB/s"], rows)


def meters(results):
    rows = [[line["meter"], line["when"], line["reads"], line["changes"],
             *(line.get("period_ms", {}).get(key, "-") for key in ("min", "median", "p90", "max")),
             line.get("step", {}).get("median", "-")] for line in results.other if line.get("kind") == "meter"]
    if rows:
        yield "\n## What the meters of NVML do\n"
        yield from table(["meter", "when", "reads", "changes", "least ms", "median ms", "p90 ms", "most ms", "step (mJ, mW)"], rows)
    for line in results.other:
        if line.get("kind") == "trace" and "steady" in line:
            steady = line["steady"]
            yield (f"\nUnder load, after the first 0.5 s: {steady['counter_w']} W by the energy counter, {steady['instant_w']} W "
                   f"by the instant field, event reasons {steady['event_reasons']:#x}; {lag(line)}")


def lag(trace):
    """How long after the load's start the average and the instant field first show 90 % of the step."""
    rows, start = trace["rows"], trace["load_s"][0]
    words = []
    for column, name in ((1, "instant"), (2, "average"), (3, "PowerUsage")):
        before = [row[column] for row in rows if row[0] < start] or [0]
        during = [(row[0] - start, row[column]) for row in rows if start <= row[0] <= trace["load_s"][1]]
        if not during:
            continue
        aim = before[-1] + 0.9 * (max(value for _, value in during) - before[-1])
        words.append(f"{name} at 90 % after {next(at for at, value in during if value >= aim):.2f} s")
    return ", ".join(words) + "."


def rules(results):
    rows = [[line["a"], line["b"], line["d"], f"{line['m']}x{line['n']}x{line['k']}",
             *(line[form] for form in ("TN", "NN", "TT", "NT"))] for line in results.other if line.get("kind") == "rule"]
    if rows:
        yield "\n## What cuBLASLt accepts (candidates; below 0: minus the status)\n"
        yield "The first letter is the weights' operand, the second the activations', column-major.\n"
        yield from table(["a", "b", "d", "m x n x k", "TN", "NN", "TT", "NT"], rows)


def fast(results):
    rows = []
    for text, peers in sorted(results.peers.items()):
        for source in ("cublaslt", "torch"):
            if peers.get(source, {}).get("ns") and peers.get(source + "-fast", {}).get("ns"):
                slow, quick = peers[source]["ns"], peers[source + "-fast"]["ns"]
                rows.append([peers[source].get("name", ""), source, micro(slow), micro(quick), f"{slow / quick:.3f}"])
    if rows:
        yield "\n## f8 with fast accumulation (not compared with ours)\n"
        yield from table(["problem", "by", "us", "fast us", "gain"], rows)


def steps(results):
    lines = [line.split("\t") for line in results.text("steps.tsv").splitlines()]
    if lines:
        yield "\n## Steps\n"
        yield from table(["step", "exit", "seconds", "limit", "what it said last"], [(line + [""] * 5)[:5] for line in lines])


def summary(results, rows):
    yield "# Steelyard on a real GPU\n"
    yield from describe_card(results)
    joined = [row for row in rows if row.ratio]
    yield f"\n## Ours against the best of the others, by device time\n\n{len(rows)} problems, {len(joined)} with both sides."
    if joined:
        low = sum(row.is_low for row in joined)
        yield f"Geometric mean {mean([row.ratio for row in joined]):.3f}; {low} below {LEAST}.\n"
        yield from table(["list", "type", "problems", "joined", "geometric mean", "least", f"below {LEAST}"], means(rows))
    yield "\nTimes are medians in microseconds a launch. `graph` is the best of the others replayed as a CUDA graph: no part of the ratio.\n"
    yield from table(HEAD, (cells(row) for row in rows))
    for part in (fast, copies, meters, rules, steps):
        yield from part(results)
    devices = results.text("devices.txt")
    if devices:
        yield "\n## Devices\n"
        yield from ("    " + line for line in devices.splitlines())


def main(arguments):
    if len(arguments) != 1 or not pathlib.Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    results = Results(pathlib.Path(arguments[0]))
    order = {text: place for place, text in enumerate(results.names)}
    texts = sorted((set(results.ours) & set(order)) | set(results.peers), key=lambda text: (order.get(text, len(order)), text))
    rows = [Row(text, results) for text in texts]
    print("\n".join(summary(results, rows)))
    if not any(row.ratio for row in rows):
        return 2
    return 1 if any(row.is_low for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
