"""Records made up for the tests of reports: seeded, valid by the schema, with devices that differ in what a reader asks about."""
import hashlib
import json
import random

DEVICES = {
    "cuda:0": dict(backend="cuda", name="Accelerator A 80GB", vendor="Vendor A", scope="card", peak=620e12, memory=3.0e12, watt=610.0,
                   idle=80.0, holds=0.93, clock=1980.0),
    "ascend:0": dict(backend="ascend", name="Accelerator B", vendor="Vendor B", scope="card", peak=410e12, memory=1.4e12, watt=330.0,
                     idle=70.0, holds=0.81, clock=1800.0),
    "cpu": dict(backend="cpu", name="Processor C", vendor="Vendor C", scope="package", peak=2.4e12, memory=0.2e12, watt=270.0,
                idle=95.0, holds=0.99, clock=3100.0),
    "sim:0": dict(backend="sim", name="steelyard sim", vendor="steelyard", scope="card", peak=100e12, memory=1.0e12, watt=300.0,
                  idle=60.0, holds=1.0, clock=1500.0),
}


def hex16(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


def problem(index):
    """(problem, suite, name, phase, FLOP, bytes) of the index-th problem."""
    kind = index % 5
    if kind == 4:
        size = 1 << (24 + index % 7)
        return f"stream:bytes={size},kind=read", "memory", f"read.{index}", None, 0, size
    m = [8, 512, 4096, 2048][kind] + index // 5 % 1000
    n, k = 4096 + 64 * (index // 5000), 4096
    dtype = "f32:f32:f32:f32" if kind == 3 else "bf16:bf16:bf16:f32"
    suite, phase = [("llm-8b", "decode"), ("llm-8b", "prefill"), ("square", None), ("square", None)][kind]
    text = (f"gemm:m={m},n={n},k={k},batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype={dtype},math=strict,weights=const")
    return text, suite, f"{suite}.{phase or 'mm'}.l{index}", phase, 2 * m * n * k, 2 * (m * n + n * k + m * k)


def environment(devices, run_id, more=None):
    facts = [{"id": i, "backend": d["backend"], "name": d["name"], "vendor": d["vendor"], "driver": f"driver {len(d['name'])}.2",
              "scope": d["scope"], "status": "used", "simulated": d["backend"] == "sim"} for i, d in devices.items()]
    value = {"host": {"name": "bench-1", "os": "Debian GNU/Linux 12 (bookworm)", "kernel": "6.1.0", "arch": "x86_64"},
             "cpu": {"model": "Processor C", "cores": 64, "threads": 128, "governor": "performance"},
             "build": {"version": "0.1.0", "commit": "0123456789ab", "compiler": "GNU 12.2.0"},
             "command": ["steelyard", "run", "llm-8b", "square", "-d", ",".join(devices), "-o", "result.jsonl"],
             "settings": [{"name": "rounds", "value": "3", "from": "default"}], "devices": facts}
    value.update(more or {})
    return line("environment", run_id, environment=value)


def line(kind, run_id, **body):
    return json.dumps(dict(schema="steelyard.record/1", kind=kind, run_id=run_id, time_utc="2026-11-20T08:00:00.000Z", **body),
                      separators=(",", ":"), ensure_ascii=False)


def time_of(dice, device, flop, byte, kind, samples):
    """(median in ns, samples): a roofline with an efficiency of its own for each kind of problem."""
    peak = device["peak"] * (0.5 if kind == 3 and device["backend"] != "cpu" else 1.0)
    true = max(flop / (peak * [0.35, 0.7, 0.82, 0.6, 1][kind]), byte / (device["memory"] * 0.85)) * 1e9 + 4000
    true *= dice.uniform(0.97, 1.03)
    values = sorted(true * (1 + abs(dice.gauss(0, 0.006))) for _ in range(samples))
    dice.shuffle(values)
    return sorted(values)[samples // 2], [float(f"{v:.9g}") for v in values]


def energy(dice, device, ns, flop):
    watt = device["watt"] * dice.uniform(0.9, 1.0)
    window = 1e10
    runs = max(1, int(window / ns))
    rate = runs / (window * 1e-9)
    joule = watt / rate
    entry = dict(source="board sensor", kind="average power", scope=device["scope"], window_ns=window, runs=runs, run_per_s=rate,
                 joule_per_run=joule, joule_net_per_run=joule * (1 - device["idle"] / watt), watt=watt, watt_idle=device["idle"],
                 u_random=0.008, valid=True)
    if device["backend"] != "ascend":
        entry["u_systematic"] = 0.025
    if flop:
        entry["flop_per_joule"] = flop / joule
    return [entry]


def row(dice, seq, device_id, device, run_id, samples, status=None, texts=None, full=True):
    text, suite, name, phase, flop, byte = problem(seq)
    texts = texts or {}
    status = status or "ok"
    body = {"row": {"id": hex16(run_id, device_id, seq), "seq": seq, "process": 0,
                    "request": {"device": device_id, "algorithm": "auto"}},
            "key": {"problem": text, "data": "uniform", "cache": "weights", "launch": "direct"}, "key_hash": hex16(text),
            "origin": {"suite": texts.get("suite", suite), "name": texts.get("name", name), "count": 1},
            "subject": {"backend": device["backend"], "algorithm": texts.get("algorithm", "library/tile-128"),
                        "device": {"id": device_id, "name": device["name"], "vendor": device["vendor"], "scope": device["scope"],
                                   "physical_id": "pci:" + hex16(device_id)[:8]}, "simulated": device["backend"] == "sim"},
            "subject_hash": hex16(device_id), "status": status}
    if phase:
        body["origin"]["phase"] = phase
    if status not in ("ok", "unstable"):
        body["reason"] = texts.get("reason", f"{status}: made up")
        return line("op", run_id, **body)
    ns, values = time_of(dice, device, flop, byte, seq % 5, samples)
    host = dict(median_ns=ns, ci95_ns=[ns * 0.996, ns * 1.004], mean_ns=ns, min_ns=min(values), p90_ns=ns * 1.008, p99_ns=ns * 1.02)
    body["time"] = dict(headline="host", host=host, batch=8, rounds=3, interval_kind="between_rounds", samples=samples,
                        samples_ns=values,
                        by_round=[dict(round=i, median_ns=ns * dice.uniform(0.997, 1.003), samples=samples // 3 or 1)
                                  for i in range(3)])
    body["rate"] = dict(byte=byte, byte_per_s=byte / ns * 1e9, of_ceiling=0.001 + min(0.98, flop / ns * 1e9 / device["peak"]))
    if flop:
        body["rate"].update(flop=flop, flop_per_s=flop / ns * 1e9, of_datasheet=flop / ns * 1e9 / (device["peak"] * 1.4),
                            ceiling_method="microkernel", datasheet_confidence="vendor")
    body["check"] = dict(status="ok", method="freivalds 2 + rows", max_error=3e-3, bound=1e-2, verified=True, math="strict")
    body["conditions"] = dict(clock_mhz=dict(min=device["clock"] * 0.9, mean=device["clock"] * dice.uniform(0.9, 1.0),
                                             max=device["clock"]), temp_c=61.0)
    body["path"] = dict(reorders=0, launch="direct", emulated=False, in_process=False)
    if full:
        body["energy"] = energy(dice, device, ns, flop)
    else:
        body["energy_reason"] = "no meter"
    if seq % 25 == 2:
        body["sustain"] = dict(seconds=600.0, burst_run_per_s=1e9 / ns, sustained_run_per_s=1e9 / ns * device["holds"],
                               sustained_of_burst=device["holds"], steady_s=42.0, source="board sensor", scope=device["scope"],
                               watt_burst=device["watt"], watt_sustained=device["watt"] * 0.95)
        if device["holds"] < 0.9:
            body["sustain"].update(throttle_s=31.0, throttle_how="clock")
        if texts.get("series"):
            body["sustain"]["series"] = texts["series"]
    return line("op", run_id, **body)


def lines(device_ids, rows, samples=50, seed=1, statuses=None, texts=None, full=True, more=None, devices=None):
    """The lines of one record: `rows` problems on each device. statuses {(device, seq): status}; texts: names to put in."""
    dice = random.Random(seed)
    devices = devices or {i: DEVICES[i] for i in device_ids}
    run_id = f"20261120T080000Z-{seed:08x}"
    yield environment(devices, run_id, more)
    for seq in range(rows):
        for device_id, device in devices.items():
            yield row(dice, seq, device_id, device, run_id, samples, (statuses or {}).get((device_id, seq)), texts, full)
    count = rows * len(devices)
    yield line("end", run_id, end={"rows": {"ok": count}, "duration_ns": 6e11, "interrupted": False})


def series(path):
    """Samples over time of the kept-up rows of a record, in the file beside it: the rate falls to what the device holds."""
    beside = str(path)[:-len(".jsonl")] + ".series.jsonl"
    with open(path, encoding="utf-8") as file, open(beside, "w", encoding="utf-8") as out:
        for text in file:
            one = json.loads(text)
            if "sustain" not in one:
                continue
            sustain, dice = one["sustain"], random.Random(one["row"]["id"])
            times, launches, done = [], [], 0.0
            for second in range(601):
                share = sustain["sustained_of_burst"] + (1 - sustain["sustained_of_burst"]) * 2.718 ** (-second / 40)
                times.append(float(second))
                launches.append(done)
                done += sustain["burst_run_per_s"] * share * (1 + dice.gauss(0, 0.01))
            out.write(json.dumps(dict(schema="steelyard.series/1", kind="work", run_id=one["run_id"], row=one["row"]["id"],
                                      part="sustain", t_s=times, runs=launches)) + "\n")
    return beside


def write(path, *arguments, **more):
    with open(path, "w", encoding="utf-8") as file:
        for text in lines(*arguments, **more):
            file.write(text + "\n")
    return str(path)
