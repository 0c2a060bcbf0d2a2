"""Made-up result files of many runs, for tests of what looks at results over time: seeded, and valid by the schema."""
import datetime
import hashlib
import json
import random

BEGIN = datetime.datetime(2026, 1, 1, 3, 0, 0)


def problem(n):
    return (f"gemm:m={64 + n},n=64,k=64,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,"
            "dtype=f32:f32:f32:f32,math=strict,weights=const")


def time_of(run, second=0):
    return (BEGIN + datetime.timedelta(days=run, seconds=second)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def id_of(run):
    return (BEGIN + datetime.timedelta(days=run)).strftime("%Y%m%dT%H%M%SZ-") + f"{run:08x}"


def head(kind, run, second=0):
    return {"schema": "steelyard.record/1", "kind": kind, "run_id": id_of(run), "time_utc": time_of(run, second)}


def environment(run, driver="1.0", commit="aaaaaaaaaaaa", host="lab", device="cuda:0"):
    facts = {"host": {"name": host, "os": "Debian", "kernel": "6.1"},
             "build": {"version": "0.1.0", "commit": commit}, "command": ["steelyard", "run", "made-up"],
             "devices": [{"id": device, "backend": "cuda", "name": "Card", "driver": driver, "status": "used"}]}
    return dict(head("environment", run), environment=facts)


def row(run, n, median_ns, device="cuda:0", status="ok", name=None, simulated=False, library="12.0", joule=None,
        card="pci:1", precision=0.005):
    text = hashlib.sha256(f"{n} {device} {card}".encode()).hexdigest()
    line = dict(head("op", run, n + 1), row={"id": text[:16], "seq": n, "process": 0,
                                             "request": {"device": device, "algorithm": "auto"}},
                key={"problem": problem(n), "data": "uniform", "cache": "weights", "launch": "direct"},
                key_hash=hashlib.sha256(problem(n).encode()).hexdigest()[:16],
                subject={"backend": "cuda", "algorithm": "tiles", "simulated": simulated,
                         "device": {"id": device, "name": "Card", "vendor": "Maker", "physical_id": card,
                                    "scope": "card"},
                         "libraries": [{"name": "libblas", "version": library}]},
                subject_hash="0123456789abcdef", status=status)
    line["origin"] = {"suite": "made-up", "name": name or f"layer{n}", "count": 1}
    if status == "ok":
        line["time"] = {"headline": "host", "rounds": 3, "host": {
            "median_ns": median_ns, "ci95_ns": [median_ns * (1 - precision), median_ns * (1 + precision)]}}
    else:
        line["reason"] = "made up"
    if joule is not None:
        line["energy"] = [{"source": "meter", "scope": "card", "joule_per_run": joule, "u_random": 0.001,
                           "valid": True}]
    return line


def end(run):
    return dict(head("end", run, 999), end={"rows": {}, "interrupted": False})


def text_of(lines):
    return "".join(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n" for line in lines)


def history(runs, problems, noise=0.01, seed=1, level=lambda run, n: 1.0, **more):
    """One text a run, of `problems` rows each: 1 ms times level(run, n), with that relative noise."""
    chance = random.Random(seed)
    options = {key: more.pop(key) for key in ("driver", "commit", "library") if key in more}

    def pick(key, run, default):
        value = options.get(key, default)
        return value(run) if callable(value) else value

    for run in range(runs):
        lines = [environment(run, pick("driver", run, "1.0"), pick("commit", run, "aaaaaaaaaaaa"))]
        for n in range(problems):
            lines.append(row(run, n, 1e6 * level(run, n) * chance.lognormvariate(0, noise),
                             library=pick("library", run, "12.0"), **more))
        yield text_of(lines + [end(run)])
