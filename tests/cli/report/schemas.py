"""The JSON formats of other programs as schemas, written from what those programs publish."""

NUMBER, TEXT, COUNT = {"type": "number"}, {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}

# github-action-benchmark: README, "customBiggerIsBetter and customSmallerIsBetter".
GITHUB = {
    "type": "array",
    "items": {"type": "object", "required": ["name", "unit", "value"], "additionalProperties": False,
              "properties": {"name": TEXT, "unit": TEXT, "value": NUMBER, "range": TEXT, "extra": TEXT}},
}

# Bencher Metric Format: names up to 1024, measures up to 64 characters, bounds around the value.
BENCHER = {
    "type": "object",
    "propertyNames": {"minLength": 1, "maxLength": 1024},
    "additionalProperties": {
        "type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[0-9a-z_-]{1,64}$"},
        "additionalProperties": {"type": "object", "required": ["value"], "additionalProperties": False,
                                 "properties": {"value": NUMBER, "lower_value": NUMBER, "upper_value": NUMBER}}},
}

# Google Benchmark: docs/user_guide.md "Output Formats", and what its tools/compare.py asks of an entry.
GOOGLE = {
    "type": "object", "required": ["context", "benchmarks"],
    "properties": {
        "context": {"type": "object", "properties": {"num_cpus": COUNT, "mhz_per_cpu": NUMBER}},
        "benchmarks": {"type": "array", "items": {
            "type": "object", "required": ["name", "run_name", "run_type"],
            "properties": {
                "name": TEXT, "run_name": TEXT, "run_type": {"enum": ["iteration", "aggregate"]},
                "repetitions": COUNT, "repetition_index": COUNT, "threads": COUNT, "iterations": COUNT,
                "family_index": COUNT, "per_family_instance_index": COUNT, "label": TEXT,
                "time_unit": {"enum": ["ns", "us", "ms", "s"]}, "aggregate_name": TEXT, "aggregate_unit": {"enum": ["time", "percentage"]},
                "error_occurred": {"const": True}, "error_message": TEXT},
            "additionalProperties": NUMBER,
            "oneOf": [{"required": ["error_occurred", "error_message"], "not": {"required": ["real_time"]}},
                      {"required": ["real_time", "cpu_time", "time_unit", "iterations"],
                       "not": {"required": ["error_occurred"]}}],
            "if": {"properties": {"run_type": {"const": "aggregate"}}}, "then": {"required": ["aggregate_name"]}}},
    },
}
