#!/usr/bin/env python3
"""The reference data: fits its schemas, every figure has a source and a confidence, units are plausible, names are unique.

Called as `check_data.py ROOT`. It also spoils the data in ways that must be noticed.
"""
import copy
import json
import pathlib
import sys

import jsonschema

# A name that two variants share; a lookup of it says so.
SHARED = {"metax c500"}

# What a figure can be at all, in its unit.
PLAUSIBLE = {"year": (2010, 2030), "memory_gb": (1, 1024), "memory_gb_per_s": (20, 20000), "power_w": (5, 3000),
             "interconnect_gb_per_s": (10, 4000), "carbon_g_per_kwh": (5, 1200), "electricity_per_kwh": (0.01, 3)}
PEAKS = (0.3, 20000)
# A narrower type is not slower.
FASTER = [("f32", "bf16"), ("bf16", "f8"), ("f16", "f8"), ("f8", "f4"), ("f16", "s8"), ("s8", "s4")]


def figures(entry):
    for name, value in entry.items():
        if isinstance(value, dict) and "value" in value:
            yield name, value
        elif name == "peak_dense_tera_per_s":
            yield from ((f"{name}.{kind}", figure) for kind, figure in value.items())


def check_figure(where, name, figure, sources):
    for used in [figure, *figure.get("alternatives", [])]:
        assert used["source"], f"{where} {name}: no source"
        for source in used["source"]:
            assert source in sources, f"{where} {name}: source {source} is not listed"
    low, high = PEAKS if name.startswith("peak") else PLAUSIBLE.get(name, (None, None))
    if low is not None:
        assert low <= figure["value"] <= high, f"{where} {name}: {figure['value']} is not plausible"


def check_unique(values, what):
    seen = set()
    for value in values:
        assert value not in seen, f"{what} {value} is there twice"
        seen.add(value)


def check_document(document, schema, entries):
    jsonschema.Draft202012Validator(schema).validate(document)
    sources = [source["id"] for source in document["sources"]]
    check_unique(sources, "source")
    check_unique([entry["id"] for entry in document[entries]], "id")
    check_unique([entry["name"].lower() for entry in document[entries]], "name")
    for entry in document[entries]:
        for name, figure in figures(entry):
            check_figure(entry["id"], name, figure, sources)
    used = {source for entry in document[entries] for _, figure in figures(entry)
            for one in [figure, *figure.get("alternatives", [])] for source in one["source"]}
    assert used <= set(sources)


def check_devices(document, schema):
    check_document(document, schema, "devices")
    assert len(document["devices"]) >= 68
    names = [name["name"].lower() for device in document["devices"] for name in device.get("driver", [])]
    check_unique([name for name in names if name not in SHARED], "driver name")
    for device in document["devices"]:
        peaks = {kind: figure["value"] for kind, figure in device.get("peak_dense_tera_per_s", {}).items()}
        for wide, narrow in FASTER:
            if wide in peaks and narrow in peaks:
                assert peaks[narrow] >= peaks[wide], f"{device['id']}: {narrow} is slower than {wide}"
        check_processor(device, peaks)


def check_processor(device, peaks):
    processor = device.get("processor")
    assert (device["kind"] == "cpu") == (processor is not None), f"{device['id']}: processor"
    for kind, flop in (processor or {}).get("flop_per_cycle", {}).items():
        made = processor["cores"] * processor["clock_ghz"] * flop / 1e3
        assert abs(made / peaks[kind] - 1) < 1e-3, f"{device['id']}: {kind} is not cores x clock x FLOP a cycle"


def check_regions(document, schema):
    check_document(document, schema, "regions")
    carbon = {region["name"]: region["carbon_g_per_kwh"]["value"] for region in document["regions"]
              if region["kind"] == "province"}
    hubs = [region for region in document["regions"] if region["kind"] == "hub"]
    assert len(hubs) == 8
    for hub in hubs:
        if "provinces" in hub:
            mean = sum(carbon[name] for name in hub["provinces"]) / len(hub["provinces"])
            assert abs(mean - hub["carbon_g_per_kwh"]["value"]) < 0.06, f"{hub['id']}: not the mean of its provinces"


def spoil(document, entries, change):
    spoiled = copy.deepcopy(document)
    change(spoiled[entries][0], spoiled[entries][1], spoiled)
    return spoiled


def refused(check, document, schema):
    try:
        check(document, schema)
    except (AssertionError, jsonschema.ValidationError):
        return True
    return False


SPOILED_DEVICES = {
    "no source": lambda a, b, d: a["power_w"].pop("source"),
    "an empty list of sources": lambda a, b, d: a["power_w"].update(source=[]),
    "no confidence": lambda a, b, d: a["peak_dense_tera_per_s"]["f16"].pop("confidence"),
    "a source that is not listed": lambda a, b, d: a["memory_gb"].update(source=["nobody"]),
    "another source's, not listed": lambda a, b, d: a["peak_dense_tera_per_s"]["f16"]["alternatives"][0].update(source=["x"]),
    "watts that are kilowatts": lambda a, b, d: a["power_w"].update(value=0.31),
    "bytes for gigabytes": lambda a, b, d: a["memory_gb"].update(value=32e9),
    "FLOP for tera": lambda a, b, d: a["peak_dense_tera_per_s"]["f16"].update(value=262.1e12),
    "an id twice": lambda a, b, d: b.update(id=a["id"]),
    "a driver's name twice": lambda a, b, d: b.update(driver=[{"name": a["driver"][0]["name"].upper()}]),
    "a field nobody knows": lambda a, b, d: a.update(colour="red"),
    "a source twice": lambda a, b, d: d["sources"].append(d["sources"][0]),
}
SPOILED_REGIONS = {
    "no year": lambda a, b, d: a["carbon_g_per_kwh"].pop("year"),
    "not the mean": lambda a, b, d: a["carbon_g_per_kwh"].update(value=600.0),
    "kilograms": lambda a, b, d: a["carbon_g_per_kwh"].update(value=0.66),
}


def main():
    root = pathlib.Path(sys.argv[1])
    load = lambda path: json.loads((root / path).read_text(encoding="utf-8"))
    failed = []
    for entries, check, spoilers in (("devices", check_devices, SPOILED_DEVICES), ("regions", check_regions, SPOILED_REGIONS)):
        schema, document = load(f"results/schema/{entries}-1.schema.json"), load(f"results/reference/{entries}.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        check(document, schema)
        failed += [what for what, change in spoilers.items()
                   if not refused(check, spoil(document, entries, change), schema)]
    assert not failed, f"not noticed: {failed}"
    print("reference data: whole, plausible, unique")


if __name__ == "__main__":
    main()
