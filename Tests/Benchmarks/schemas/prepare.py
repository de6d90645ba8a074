#!/usr/bin/env python3
# Makes the cases of scripts/bench-schema: one folder each, with schema.json and instances.jsonl (one instance a line).
# Schemas and instances are real files of packages that scripts/fetch-suites has brought; where a package has a schema
# and no instances, and for our own schemas, they are in the folders beside this file.
# usage: prepare.py CACHE FOLDER       needs ruamel.yaml and json5
import json
import pathlib
import shutil
import sys
import tomllib
import urllib.parse

import json5
from ruamel.yaml import YAML

HERE = pathlib.Path(__file__).resolve().parent
CACHE, OUT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
FILES = CACHE / "schema-files"
VENDOR = FILES / "check-jsonschema/src/check_jsonschema/builtin_schemas/vendor"
HOOKS = FILES / "check-jsonschema/tests/example-files/hooks"
RS = FILES / "jsonschema-rs"


def plain(value):
    """What JSON can hold: keys are strings, dates are text."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else json.dumps(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def read(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix in (".yaml", ".yml", ".cff"):
        documents = YAML(typ="safe", pure=True).load_all(text)
        return plain(next(iter(documents)))
    if path.suffix == ".toml":
        return plain(tomllib.loads(text))
    return json5.loads(text) if path.suffix == ".json5" else json.loads(text)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def found(*patterns):
    """Every file of the packages that a pattern fits, each content once."""
    contents = {}
    for pattern in patterns:
        for path in sorted(FILES.glob(pattern)):
            if path.is_file():
                try:
                    contents.setdefault(path.read_bytes(), read(path))
                except Exception:  # some files of these packages are broken on purpose
                    pass
    return list(contents.values())


def hooks(name):
    return found("check-jsonschema/tests/example-files/hooks/*/%s/*" % name)


def tables(*keys):
    """A table of every pyproject.toml there is."""
    values = []
    for document in found("**/*.toml"):
        for key in keys:
            document = document.get(key, {}) if isinstance(document, dict) else {}
        if document and document not in values:
            values.append(document)
    return values


def metaschemas():
    drafts = {}
    for path in [*sorted(VENDOR.glob("*.json")), *sorted((FILES / "tools").glob("src/*/resources/*.json"))]:
        schema = read(path)
        if path.stat().st_size < 1_000_000:
            drafts.setdefault(schema.get("$schema", "").rstrip("#"), []).append(schema)
    drafts["https://json-schema.org/draft/2020-12/schema"] += [
        read(RS / "openapi31.json"), read(HERE / "tool/schema.json"), read(HERE / "book/schema.json")]
    return drafts


def cyclonedx():
    folder = FILES / "cyclonedx/cyclonedx/schema/_res"
    schema = read(folder / "bom-1.6.SNAPSHOT.schema.json")
    for name in ("spdx", "jsf-0.82"):  # bundled, as all implementations understand it
        file = name + ".SNAPSHOT.schema.json"
        schema["definitions"][name] = read(folder / file) | {"$id": "http://cyclonedx.org/schema/" + file}
    return schema, found("cyclonedx/tests/_data/schemaTestData/1.6/*.json")


def notebooks():
    """The notebooks of format 4, as nbformat itself upgrades them to 4.5: each cell gets an id."""
    books = [book for book in found("notebooks/tests/*.ipynb") if book.get("nbformat") == 4]
    for book in books:
        book["nbformat_minor"] = 5
        for index, cell in enumerate(book["cells"]):
            cell.setdefault("id", "cell-%d" % index)
    return books


def escaped(schema):
    """Percent-encodes what RFC 3986 does not allow in references, such as #/definitions/A<B|C>."""
    if isinstance(schema, dict):
        return {
            key: urllib.parse.quote(value, safe="#/%()") if key == "$ref" and isinstance(value, str) else escaped(value)
            for key, value in schema.items()}
    return [escaped(item) for item in schema] if isinstance(schema, list) else schema


def vega_lite():
    """Its reference at the top stands in an allOf, which means the same and is what Blaze can compile."""
    schema = escaped(read(FILES / "vega-lite/altair/vegalite/v6/schema/vega-lite-schema.json"))
    schema["allOf"] = [{"$ref": schema.pop("$ref")}]
    return schema, found("vega-lite-charts/vl-convert-rs/tests/vl-specs/*.vl.json")


def cases():
    yield "book", read(HERE / "book/schema.json"), lines(HERE / "book/instances.jsonl")
    yield "tool", read(HERE / "tool/schema.json"), lines(HERE / "tool/instances.jsonl")
    yield "fast", read(RS / "fast_schema.json"), [read(RS / "fast_valid.json"), read(RS / "fast_invalid.json")]
    yield "citm", read(RS / "citm_catalog_schema.json"), [read(RS / "citm_catalog.json")]
    yield "geojson-canada", read(RS / "geojson.json"), [read(RS / "canada.json")]
    yield "openapi30-zuora", read(RS / "openapi.json"), [read(RS / "zuora.json")]
    yield "openapi31-petstore", read(RS / "openapi31.json"), [read(RS / "petstore31.json")]
    yield "swagger-kubernetes", read(RS / "swagger.json"), [read(RS / "kubernetes.json")]
    yield "fhir-patient", read(RS / "fhir.schema.json"), [read(RS / "patient-example-d.json")]
    yield "recursive", read(RS / "recursive_schema.json"), [read(RS / "recursive_instance.json")]
    drafts = metaschemas()
    yield "metaschema-7", read(FILES / "metaschemas/draft7/metaschema.json"), drafts["http://json-schema.org/draft-07/schema"]
    address = "https://json-schema.org/draft/2020-12/schema"
    yield "metaschema-2020", {"$schema": address, "$ref": address}, drafts[address]
    yield ("vega-lite", *vega_lite())
    yield "notebook", read(FILES / "notebooks/nbformat/v4/nbformat.v4.5.schema.json"), notebooks()
    yield ("cyclonedx", *cyclonedx())
    yield "github-workflow", read(VENDOR / "github-workflows.json"), found(
        "*/.github/workflows/*.y*ml") + hooks("github-workflows")
    yield "azure-pipelines", read(VENDOR / "azure-pipelines.json"), hooks("azure-pipelines")
    yield "compose", read(VENDOR / "compose-spec.json"), lines(HERE / "compose/instances.jsonl")
    yield "gitlab-ci", read(VENDOR / "gitlab-ci.json"), lines(HERE / "gitlab/instances.jsonl") + hooks("gitlab-ci")
    yield "dependabot", read(VENDOR / "dependabot.json"), found("*/.github/dependabot.yml")
    yield "renovate", read(VENDOR / "renovate.json"), hooks("renovate")
    yield "issue-form", read(VENDOR / "github-issue-forms.json"), hooks("github-issue-forms")
    yield "citation", read(VENDOR / "citation-file-format.json"), hooks("citation-file-format")
    yield "mergify", read(VENDOR / "mergify.json"), hooks("mergify")
    yield "snapcraft", {"$schema": address} | read(VENDOR / "snapcraft.json"), hooks("snapcraft")
    yield "readthedocs", read(VENDOR / "readthedocs.json"), hooks("readthedocs") + found("*/.readthedocs.yaml")
    yield "project-table", read(FILES / "pyproject/src/validate_pyproject/project_metadata.schema.json"), tables("project")
    yield "ruff", read(FILES / "tools/src/validate_pyproject_schema_store/resources/ruff.schema.json"), tables("tool", "ruff")


shutil.rmtree(OUT, ignore_errors=True)
for name, schema, instances in cases():
    if not instances:
        sys.exit("prepare.py: no instance for " + name)
    folder = OUT / name
    folder.mkdir(parents=True)
    (folder / "schema.json").write_text(json.dumps(schema, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    with open(folder / "instances.jsonl", "w", encoding="utf-8") as file:
        for instance in instances:
            file.write(json.dumps(instance, ensure_ascii=False, separators=(",", ":")) + "\n")
