"""Judges records by the published schema with an independent validator, and the schema by damaged records.

validate.py SCHEMA WRITER FOLDER: WRITER FILE writes a sample record. With a record as further argument, that
file alone is validated: validate.py SCHEMA FILE.
"""
import copy
import json
import os
import subprocess
import sys

import jsonschema


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file.read().split("\n")[:-1]]


def leaves(value, path=()):
    """Every (path, value) in a line that is neither an object nor a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, path + (key,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, path + (index,))
    else:
        yield path, value


def replaced(line, path, value):
    damaged = copy.deepcopy(line)
    place = damaged
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return damaged


def damages(line):
    """The line with each leaf in turn made something of another type, and numbers negative."""
    for path, value in leaves(line):
        yield path, replaced(line, path, {"other": "type"})
        signed = {"temp_c", "temp_c_end", "autocorrelation", "joule_net_per_run", "idle_drift_w"}
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not signed & set(map(str, path)):
            yield path, replaced(line, path, -1)


def open_validator(path):
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check_file(validator, path):
    lines = read_lines(path)
    assert lines, "no line"
    for number, line in enumerate(lines, 1):
        for error in validator.iter_errors(line):
            sys.exit(f"{path}:{number}: {'.'.join(map(str, error.path))}: {error.message}")
    return lines


def written_lines(validator, writer, path):
    """What the program `writer` writes to `path`, all of it valid."""
    if os.path.exists(path):
        os.remove(path)
    subprocess.run([writer, path], check=True)
    lines = check_file(validator, path)
    os.remove(path)
    return lines


def main():
    validator = open_validator(sys.argv[1])
    if len(sys.argv) == 3:
        print(len(check_file(validator, sys.argv[2])), "lines are valid")
        return
    lines = written_lines(validator, sys.argv[2], os.path.join(sys.argv[3], "schema-samples.jsonl"))
    kinds = {line["kind"] for line in lines}
    assert kinds == {"environment", "op", "model", "total", "peak", "end"}, kinds
    refused = 0
    for line in lines:
        for place, damaged in damages(line):
            assert not validator.is_valid(damaged), f"damaged at {place}, and still valid"
            refused += 1
        assert validator.is_valid({**line, "a field of the future": 1})
        for needed in ("schema", "kind", "run_id"):
            assert not validator.is_valid({k: v for k, v in line.items() if k != needed}), needed
    for needed in ("row", "key", "key_hash", "status"):
        row = next(line for line in lines if line["kind"] == "op")
        assert not validator.is_valid({k: v for k, v in row.items() if k != needed}), needed
    model = next(line for line in lines if line["kind"] == "model")
    assert not validator.is_valid({k: v for k, v in model.items() if k != "model"})
    for needed in ("sha256", "inputs", "scenario", "load", "dtype"):
        key = {k: v for k, v in model["key"].items() if k != needed}
        assert not validator.is_valid({**model, "key": key}), needed
    assert refused > 500, refused
    print(f"{len(lines)} lines are valid, {refused} damaged ones are not")


if __name__ == "__main__":
    main()
