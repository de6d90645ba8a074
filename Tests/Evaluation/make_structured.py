#!/usr/bin/env python3
# Writes cases/structured.jsonl: 50 prompts, each with a schema. Half of the schemas are plain; the other half hold keywords
# that the engine's grammar does not enforce, so that the check and the repair have something to do.
import json
import os

S = {"type": "string"}
I = {"type": "integer"}
N = {"type": "number"}
B = {"type": "boolean"}


def obj(properties, optional=(), **more):
    return {"type": "object", "properties": properties, "additionalProperties": False,
            "required": [name for name in properties if name not in optional], **more}


def arr(items, **more):
    return {"type": "array", "items": items, **more}


def enum(*values):
    return {"type": "string", "enum": list(values)}


def with_(schema, **more):
    return {**schema, **more}


tree = {"$defs": {"node": obj({"name": S, "children": arr({"$ref": "#/$defs/node"})})}, "$ref": "#/$defs/node"}
iso_date = with_(S, pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")

CASES = [
    ("I recently read 'To Kill a Mockingbird' by Harper Lee.", obj({"name": S, "authors": arr(S)})),
    ("What is the best French meal? Give its name and ingredients.", obj({"name": S, "ingredients": arr(S)})),
    ("Good Omens is by Terry Pratchett and Neil Gaiman, 1990, 412 pages.",
     obj({"title": S, "authors": arr(S, minItems=1), "year": with_(I, minimum=1450, maximum=2030), "pages": I})),
    ("Classify: 'The screen cracked on the second day and support never answered.'",
     obj({"sentiment": enum("positive", "neutral", "negative"), "topics": arr(S, maxItems=5)})),
    ("Oslo has 709,000 people, Bergen 291,000, Trondheim 214,000.",
     arr(obj({"city": S, "population": with_(I, minimum=0)}), minItems=3)),
    ("Translate 'good morning' to French, German and Spanish.", obj({"french": S, "german": S, "spanish": S})),
    ("Is 17 a prime number? Explain in one sentence.", obj({"prime": B, "reason": S})),
    ("Anna (34) and Tom (29) work at Acme in Berlin.",
     obj({"people": arr(obj({"name": S, "age": I})), "company": S, "city": S})),
    ("Give me three synonyms of happy.", arr(S, minItems=3, maxItems=3)),
    ("The meeting is on 2026-03-14 at 10:30 in room 4.", obj({"date": S, "time": S, "room": with_(I)})),
    ("Order 991: 2 apples at 0.50 and 1 melon at 3.20.",
     obj({"order": I, "lines": arr(obj({"item": S, "quantity": with_(I, minimum=1), "price": N}))})),
    ("Write a haiku about rain.", obj({"lines": arr(S, minItems=3, maxItems=3)})),
    ("Name a colour and its hex code.", obj({"colour": S, "hex": with_(S, pattern="^#[0-9a-fA-F]{6}$")})),
    ("When did the Second World War end in Europe? Use ISO dates.", obj({"date": iso_date})),
    ("Write an e-mail address for Ada Lovelace at example.org.", obj({"email": with_(S, pattern="^[^@ ]+@[^@ ]+$")})),
    ("List four different animals that can fly.", arr(S, minItems=4, uniqueItems=True)),
    ("Give an even number between 10 and 20.", obj({"number": with_(I, minimum=10, maximum=20, multipleOf=2)})),
    ("Rate the film Casablanca from 0 to 10, halves allowed.",
     obj({"title": S, "rating": with_(N, minimum=0, maximum=10, multipleOf=0.5)})),
    ("A company has the departments Sales (North, South) and IT. Give it as a tree.", tree),
    ("Is the number forty-two an integer or a word? Give 42 as an integer.", obj({"value": {"anyOf": [I, S]}})),
    ("My phone number is 0049 30 123456. Normalise it to the form +49…", obj({"phone": with_(S, pattern="^\\+[0-9]{6,15}$")})),
    ("What is the capital of Australia?", obj({"capital": S})),
    ("Name the three states of matter with an example each.", arr(obj({"state": S, "example": S}), minItems=3, maxItems=4)),
    ("Convert 100 kilometres to miles.", obj({"miles": with_(N, minimum=62, maximum=63)})),
    ("Who wrote Faust?", obj({"author": S, "born": with_(I, minimum=1000, maximum=2000)}, optional=("born",))),
    ("Make a to-do list for moving house, with priorities.",
     arr(obj({"task": with_(S, maxLength=80), "priority": enum("low", "medium", "high")}), minItems=2, maxItems=6)),
    ("Return the empty list of errors.", obj({"errors": arr(S, maxItems=0)})),
    ("Is there life on Mars? Answer null when it is unknown.", obj({"life": {"anyOf": [B, {"type": "null"}]}})),
    ("Summarise in at most 60 characters: The quick brown fox jumps over the lazy dog, which sleeps on the porch all day.",
     obj({"summary": with_(S, maxLength=60)})),
    ("Give the first five square numbers.", arr(I, minItems=5, maxItems=5)),
    ("A point at x = 1.5, y = -2.", obj({"x": N, "y": N})),
    ("Give a 2 by 2 identity matrix.", arr(arr(I, minItems=2, maxItems=2), minItems=2, maxItems=2)),
    ("Write a UUID.", obj({"id": with_(S, pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")})),
    ("Give an ISBN-13 with digits only.", obj({"isbn": with_(S, pattern="^97[89][0-9]{10}$")})),
    ("Which of these is a fruit: hammer, pear, cloud?", obj({"fruit": {"const": "pear"}})),
    ("Name two programming languages and their year of birth.",
     {"type": "object", "additionalProperties": with_(I, minimum=1940, maximum=2030), "minProperties": 2}),
    ("Plan a day trip to Rome in three steps with a time each.",
     obj({"steps": arr(obj({"time": with_(S, pattern="^[0-2][0-9]:[0-5][0-9]$"), "what": S}), minItems=3, maxItems=3)})),
    ("Extract the price: 'Now only EUR 1,299.00!'", obj({"currency": with_(S, pattern="^[A-Z]{3}$"), "amount": N})),
    ("Is 'level' a palindrome? Give the word backwards, too.", obj({"palindrome": B, "backwards": S})),
    ("A circle or a square? Give a circle with radius 2.",
     {"oneOf": [obj({"kind": {"const": "circle"}, "radius": N}), obj({"kind": {"const": "square"}, "side": N})]}),
    ("Name three European rivers, in alphabetical order.", obj({"rivers": arr(S, minItems=3, maxItems=3, uniqueItems=True)})),
    ("Give a semantic version after 1.9.3 with a new feature.", obj({"version": with_(S, pattern="^[0-9]+\\.[0-9]+\\.[0-9]+$")})),
    ("Correct the spelling: 'I recieve teh mesage'.", obj({"corrected": S, "mistakes": with_(I, minimum=0)})),
    ("What does HTTP status 404 mean?", obj({"status": {"const": 404}, "meaning": S})),
    ("Give a slug for the title 'Ten Ways to Cook an Egg'.", obj({"slug": with_(S, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")})),
    ("Write a user record for Max, who is an admin.",
     obj({"name": S, "role": enum("admin", "user"), "tags": arr(S)}, optional=("tags",), minProperties=2)),
    ("Give the days of the weekend.", arr(enum("Saturday", "Sunday"), minItems=2, uniqueItems=True)),
    ("What is 12 times 12?", obj({"result": I})),
    ("Tell whether 'Paris' is a city, a person or both.", obj({"kinds": arr(enum("city", "person"), minItems=1, uniqueItems=True)})),
    ("Describe a cat in one sentence that begins with 'A cat'.", obj({"sentence": with_(S, pattern="^A cat")})),
]

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
with open(os.path.join(folder, "structured.jsonl"), "w") as file:
    for number, (prompt, schema) in enumerate(CASES, 1):
        file.write(json.dumps({"id": "s%02d" % number, "prompt": prompt, "schema": schema}, ensure_ascii=False) + "\n")
assert len(CASES) == 50
