# SPDX-License-Identifier: Apache-2.0
"""Makes responses from the response models of the official SDK.

Every choice that a model leaves open is a place with options: an optional field is absent, null or there; a union is one
of its branches; an enum is one of its words or a word that nobody knows yet; a list is empty, short or longer. The
generator remembers which options it took, so that a run can go on until all of them were taken.
"""
import random

NUMBERS = [0.0, 1.0, -1.0, 0.1, 0.5, 1e-7, 2.014569145103451e-05, 123456.789, 1e300, 5e-324, 1, 0, 42]
INTEGERS = [0, 1, 2, 7, 1024, 2**31 - 1, 2**31, 2**53 + 1, 2**63 - 1]
TEXTS = ["", "a", "Comté, œuf & <b>", "line\nbreak\ttab", "\u0000\u001f", "日本語 🧀", "quote \" back \\ slash /", "null", "1.0", "x" * 300]
DATES = ["2026-11-27T12:00:00Z", "2026-11-27T12:00:00.123456+02:00"]
DEEPEST = 7


class Generator:
    """Values of one pydantic model, as JSON; seeded, so that each run makes the same ones."""

    def __init__(self, model, seed, refine=None, prefer=None):
        schema = model if isinstance(model, dict) else model.model_json_schema(by_alias=True)
        self.root, self.definitions = schema, schema.get("$defs", {})
        self.random = random.Random(seed)
        # Places made by a function of the generator instead, and options that places take nine times of ten.
        self.refine, self.prefer = refine or {}, prefer or {}
        self.possible, self.taken = {}, set()

    def value(self):
        return self._make(self.root, "", 0)

    def uncovered(self):
        return sum(len(options) for options in self.possible.values()) - len(self.taken)

    def coverage(self):
        total = sum(len(options) for options in self.possible.values())
        return len(self.taken), total

    def _choose(self, place, options):
        """One of `options`, rather one that was not taken yet."""
        self.possible.setdefault(place, options)
        new = [option for option in options if (place, option) not in self.taken]
        if place in self.prefer and self.random.random() < 0.9:
            option = self.prefer[place]
        else:
            option = self.random.choice(new if new and self.random.random() < 0.7 else options)
        self.taken.add((place, option))
        return option

    def _branches(self, schema):
        """The branches of a union without the SDK's mark for "unset", flattened."""
        if "$ref" in schema:
            name = schema["$ref"].split("/")[-1]
            if name == "Unset":
                return []
            target = self.definitions[name]
            if "anyOf" in target or "oneOf" in target or "$ref" in target:
                return self._branches(target)
            return [(name, target)]
        union = schema.get("anyOf") or schema.get("oneOf")
        if not union:
            return [(None, schema)]
        return [branch for part in union for branch in self._branches(part)]

    def _make(self, schema, place, depth):
        branches = []
        for branch in self._branches(schema):
            if branch not in branches:
                branches.append(branch)
        if depth > DEEPEST:
            flat = [b for b in branches if b[1].get("type") in ("string", "null", "integer", "number", "boolean")]
            branches = flat or branches
        index = 0
        if len(branches) > 1:
            index = self._choose(place + "|" if depth <= DEEPEST else place + "|deep", tuple(range(len(branches))))
        name, schema = branches[index]
        if name and name.startswith("Unknown"):
            return self._unknown()
        # Places inside a named model are the model's, wherever it stands.
        return self._of_type(schema, name or f"{place}|{index}" if len(branches) > 1 else name or place, depth)

    def _of_type(self, schema, place, depth):
        if place in self.refine:
            return self.refine[place](self)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._choose(place + "=", tuple(schema["enum"]))
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, place, depth)
        if kind == "array":
            count = 0 if depth > DEEPEST else self._choose(place + "#", (0, 1, 3))
            return [self._make(schema.get("items", {}), place + "[]", depth + 1) for _ in range(count)]
        return self._scalar(schema, kind)

    def _scalar(self, schema, kind):
        if kind == "string":
            if schema.get("format") == "date-time":
                return self.random.choice(DATES)
            return self.random.choice(TEXTS) if self.random.random() < 0.5 else f"word-{self.random.randrange(10**6)}"
        if kind == "integer":
            return self.random.choice(INTEGERS)
        if kind == "number":
            return self.random.choice(NUMBERS)
        if kind == "boolean":
            return self.random.random() < 0.5
        if kind == "null":
            return None
        return self._anything(0)

    def _object(self, schema, place, depth):
        fields = {}
        required = set(schema.get("required", []))
        for name, field in schema.get("properties", {}).items():
            at = f"{place}.{name}"
            if name not in required and self._choose(at + "?", ("absent", "there")) == "absent":
                continue
            if at in self.refine:
                fields[name] = self.refine[at](self)
            else:
                fields[name] = self._make(field, at, depth + 1)
        extra = schema.get("additionalProperties", None)
        if extra and not schema.get("properties"):
            for index in range(self._choose(place + "{}", (0, 1, 3))):
                fields[f"key_{index}"] = self._anything(depth) if extra is True else self._make(extra, place + "{}", depth + 1)
        elif schema.get("properties") and self._choose(place + "+", ("known", "new field")) == "new field":
            fields["field_of_2031"] = self._anything(depth)
        return fields

    def _anything(self, depth):
        return self.random.choice([None, True, 1, 1.0, -5, 2**63 - 1, "text", [], [1, "a"], {}, {"a": {"b": [None]}}])

    def _unknown(self):
        return {"type": f"chunk_of_{self.random.randrange(2030, 2040)}", "payload": self._anything(0)}
