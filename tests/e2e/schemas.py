"""Checks values against the schemas of openapi.yaml, which use a small part of JSON Schema."""

import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = "core/contract/openapi.yaml"
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def load():
    """The contract, read by the YAML library of the packages that lint it."""
    script = (
        "const yaml = require('js-yaml'), fs = require('fs');"
        f"process.stdout.write(JSON.stringify(yaml.load(fs.readFileSync('{CONTRACT}', 'utf8'))));"
    )
    done = subprocess.run(["node", "-e", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"Node with the packages of package.json is needed (npm ci): {done.stderr}")
    return json.loads(done.stdout)


def faults(contract, schema, value, path="$"):
    """What of the value the schema does not allow, each with its path."""
    if "$ref" in schema:
        return faults(contract, contract["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], value, path)
    if value is None and schema.get("nullable"):
        return []
    if "oneOf" in schema:
        fitting = [one for one in schema["oneOf"] if not faults(contract, one, value, path)]
        return [] if len(fitting) == 1 else [f"{path} fits {len(fitting)} of the alternatives"]
    kind = KINDS[schema["type"]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return [f"{path} is no {schema['type']}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path} is {value!r}, not one of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{path} is {value!r}, not like {schema['pattern']}")
    if kind is list:
        for index, item in enumerate(value):
            found += faults(contract, schema["items"], item, f"{path}[{index}]")
    if kind is dict and "properties" in schema:
        found += [f"{path}.{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            if name in schema["properties"]:
                found += faults(contract, schema["properties"][name], item, f"{path}.{name}")
            else:
                found.append(f"{path}.{name} is not of the contract")
    return found


def check(contract, name, value):
    return faults(contract, {"$ref": f"#/components/schemas/{name}"}, value)
