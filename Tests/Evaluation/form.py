#!/usr/bin/env python3
# The form in which a small local model is asked for tool calls and answers: one JSON grammar per turn.
# Reference for the Swift translation: request() and Decoder are pure, golden/*.json hold them fast byte for byte.
"""A conversation in the chat-completions shape goes in; a request for llama.cpp's /v1/chat/completions comes out.

With tools, the model writes one JSON array: calls of one tool, or one answer.
    [{"tool":"get_weather","arguments":{"city":"Oslo"}},{"tool":"get_weather","arguments":{"city":"Cairo"}}]
    [{"tool":"answer","arguments":{"text":"Yes, it is colder in Oslo."}}]
"""
import json

MAX_CALLS = 8
DEFAULT_MAX_TOKENS = 1024

TOOLS_HEAD = "You can use these tools:\n"
ANSWER_TOOL = (
    "- %(answer)s {%(key)s: %(type)s}: Reply to the user directly, when no other tool is needed (greetings, thanks, general knowledge, "
    "writing, requests that no tool here can do) or when the results are there.\n")
TOOLS_RULES = (
    "\nReply with one JSON array: [{\"tool\":NAME,\"arguments\":{...}}], one entry for each call that is needed now. Use only values "
    "from the conversation. When a value must come from another tool's result, call that other tool first, alone, and wait for the result. "
    "Leave out optional arguments that the user did not mention.")
EXAMPLES_HEAD = "\nExamples, with tools that you do not have:\n"
CALL_EXAMPLES = (
    "Is Bob older than Eve? [{\"tool\":\"get_age\",\"arguments\":{\"name\":\"Bob\"}},{\"tool\":\"get_age\",\"arguments\":{\"name\":\"Eve\"}}]\n"
    "What is the square of Bob's age? [{\"tool\":\"get_age\",\"arguments\":{\"name\":\"Bob\"}}] and when the result is 41: "
    "[{\"tool\":\"compute\",\"arguments\":{\"formula\":\"41*41\"}}]\n")
EXAMPLES = (
    ("What is the largest ocean?", "The largest ocean is the Pacific Ocean."),
    ("What is the capital of Peru?", "The capital of Peru is Lima."),
    ("Please iron my shirts.", "I cannot do that, none of my tools can iron shirts."),
    ("Thank you!", "You are welcome!"),
)
RESULT = "Result of %(name)s {%(arguments)s}: %(content)s\n"
ERROR_RESULT = "%(name)s {%(arguments)s} failed: %(content)s\n"
BEFORE_RESULTS = "My request was: %(question)s\n"
AFTER_RESULTS = (
    "Answer my request with these results. Only if it needs something that is not there yet, call the tool for that, with the "
    "values of these results.")
AFTER_ERRORS = (
    "A call failed. If other arguments or another tool can help, make that call. Otherwise answer, and say what went wrong.")
JSON_OBJECT = "Answer with one JSON object and nothing else."
OUTPUT_HEAD = "Reply with one JSON value that follows this JSON Schema:\n"
ANSWER_SHAPE = "\nThe value in \"value\" follows this JSON Schema:\n"

# What llama.cpp's schema-to-grammar conversion understands; everything else is dropped before it sees the schema.
KEPT_KEYWORDS = ("$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "properties", "required", "additionalProperties",
                 "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum",
                 "exclusiveMinimum", "exclusiveMaximum", "$defs", "definitions")
# Counts that llama.cpp's grammars cannot repeat, multiplied by the rules inside, beyond about 2000.
COUNTS, LARGEST_COUNT = ("minItems", "maxItems", "minLength", "maxLength"), 500
ANYTHING = {"anyOf": [{"type": name} for name in ("string", "number", "boolean", "null", "object", "array")]}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# -- tools as text ----------------------------------------------------------------------------------------------------

def type_text(schema, depth=0):
    """A JSON Schema as a short type: string, "a"|"b", integer[], {street: string, zip?: string}."""
    if not isinstance(schema, dict) or depth > 4:
        return "any"
    if "const" in schema:
        return compact(schema["const"])
    if "enum" in schema:
        return "|".join(compact(value) for value in schema["enum"])
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return "|".join(type_text(option, depth + 1) for option in schema[keyword])
    kind = schema.get("type", "object" if "properties" in schema else "any")
    if isinstance(kind, list):
        return "|".join(kind)
    if kind == "array":
        item = type_text(schema.get("items", {}), depth + 1)
        return ("(%s)[]" if "|" in item else "%s[]") % item
    if kind == "object" and schema.get("properties"):
        return "{" + fields_text(schema, depth + 1) + "}"
    return kind


def fields_text(schema, depth=0, optional=None):
    """The fields as text; `optional` picks the optional or the required ones, None takes all and marks the optional."""
    required = schema.get("required", [])
    return ", ".join(
        name + ("?" if optional is None and name not in required else "") + ": " + type_text(field, depth)
        for name, field in schema.get("properties", {}).items() if optional is None or optional != (name in required))


def notes_text(schema, prefix=""):
    """The descriptions of the fields, one sentence each; nested fields as a.b."""
    lines = ""
    for name, field in schema.get("properties", {}).items():
        if not isinstance(field, dict):
            continue
        if field.get("description"):
            lines += " %s%s is: %s." % (prefix, name, " ".join(field["description"].split()).rstrip("."))
        lines += notes_text(field, prefix + name + ".")
        if isinstance(field.get("items"), dict):
            lines += notes_text(field["items"], prefix + name + "[].")
    return lines


def tool_text(tool):
    function = tool["function"]
    schema = function.get("parameters") or {}
    description = " ".join((function.get("description") or "").split())
    optional = fields_text(schema, optional=True)
    return "- %s {%s}%s%s%s\n" % (function["name"], fields_text(schema, optional=False), " optional {%s}" % optional if optional else "",
                                 ": " + description if description else "", notes_text(schema))


# -- schemas ----------------------------------------------------------------------------------------------------------

def grammar_schema(schema):
    """The part of a schema that becomes grammar. It may allow more than the schema; the caller validates anyway."""
    if not isinstance(schema, dict):
        return ANYTHING
    kept = {}
    for keyword, value in schema.items():
        if keyword not in KEPT_KEYWORDS:
            continue
        if keyword in COUNTS and not (isinstance(value, int) and value <= LARGEST_COUNT):
            continue
        if keyword in ("properties", "$defs", "definitions"):
            kept[keyword] = {name: grammar_schema(child) for name, child in value.items()}
        elif keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
            kept[keyword] = [grammar_schema(child) for child in value]
        elif keyword == "items" or (keyword == "additionalProperties" and isinstance(value, dict)):
            kept[keyword] = grammar_schema(value)
        else:
            kept[keyword] = value
    if not any(keyword in kept for keyword in ("$ref", "type", "enum", "const", "anyOf", "oneOf", "allOf", "properties", "items", "prefixItems")):
        return dict(kept, **ANYTHING)
    return kept


def rebase(value, base):
    """Rewrites each "$ref": "#…" for a schema that moved to the JSON pointer `base`."""
    if isinstance(value, dict):
        return {key: base + child[1:] if key == "$ref" and isinstance(child, str) and child.startswith("#") else rebase(child, base)
                for key, child in value.items()}
    if isinstance(value, list):
        return [rebase(child, base) for child in value]
    return value


class Root:
    """Collects schemas with references under the root's $defs, where their pointers still lead somewhere."""

    def __init__(self):
        self.definitions = {}

    def embed(self, schema):
        schema = grammar_schema(schema)
        if "\"$ref\"" not in compact(schema):
            return schema
        name = "s%d" % len(self.definitions)
        self.definitions[name] = rebase(schema, "#/$defs/" + name)
        return {"$ref": "#/$defs/" + name}


def closed(properties):
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def reply_schema(tools, answer_name, output, with_answer):
    """The grammar of a turn: an array with one answer, or an array of calls of one tool."""
    root = Root()
    options = []
    if with_answer:
        value = {"type": "string"} if output is None else root.embed(output)
        arguments = closed({"text" if output is None else "value": value})
        answer = closed({"tool": {"const": answer_name}, "arguments": arguments})
        options.append({"type": "array", "prefixItems": [answer], "minItems": 1, "maxItems": 1})
    for tool in tools:  # one tool a turn: in a mixed array small models invent the values that a first result would give
        call = closed({"tool": {"const": tool["function"]["name"]},
                       "arguments": root.embed(tool["function"].get("parameters") or {"type": "object", "properties": {}})})
        options.append({"type": "array", "items": call, "minItems": 1, "maxItems": MAX_CALLS})
    schema = options[0] if len(options) == 1 else {"anyOf": options}
    if root.definitions:
        schema = dict(schema, **{"$defs": root.definitions})
    return schema


# -- messages ---------------------------------------------------------------------------------------------------------

def text_of(content):
    """The text of a message's content: a string, or a list of parts of which only text is readable here."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if part.get("type") == "text")
    return content or ""


def arguments_text(call):
    arguments = call["function"].get("arguments") or "{}"
    try:
        return compact(json.loads(arguments) if isinstance(arguments, str) else arguments)
    except ValueError:
        return "{}"


def calls_text(message):
    return "[" + ",".join("{\"tool\":%s,\"arguments\":%s}" % (compact(call["function"]["name"]), arguments_text(call))
                          for call in message["tool_calls"]) + "]"


def answer_text(answer_name, key, value):
    return "[{\"tool\":%s,\"arguments\":{\"%s\":%s}}]" % (compact(answer_name), key, value)


def named_values(call):
    """The arguments for a reader: city: Oslo, days: 3. Quotation marks here would end up in the model's JSON."""
    return ", ".join("%s: %s" % (name, value if isinstance(value, str) else compact(value))
                     for name, value in json.loads(arguments_text(call)).items())


def join_system(parts):
    return "\n\n".join(part for part in parts if part)


def conversation(messages, answer_name, key):
    """(instructions, messages): every assistant turn in the form the grammar produces, results as user messages."""
    instructions, out = [], []
    calls, question, results, failed = {}, "", "", False

    def flush():
        nonlocal results, failed
        if results:
            before = BEFORE_RESULTS % {"question": question} if question else ""
            out.append({"role": "user", "content": before + results + (AFTER_ERRORS if failed else AFTER_RESULTS)})
            results, failed = "", False
    for message in messages:
        role, text = message["role"], text_of(message.get("content"))
        if role == "tool":
            call = calls.get(message.get("tool_call_id"))
            name = call["function"]["name"] if call else message.get("name") or "tool"
            failed = failed or bool(message.get("is_error"))
            form = ERROR_RESULT if message.get("is_error") else RESULT
            results += form % {"name": name, "arguments": named_values(call) if call else "", "content": text}
            continue
        flush()
        if role == "system":
            instructions.append(text)
        elif role == "assistant" and message.get("tool_calls"):
            calls.update({call.get("id"): call for call in message["tool_calls"]})
            out.append({"role": "assistant", "content": calls_text(message)})
        elif role == "assistant":
            value = compact(text)
            if key == "value":
                try:
                    value = compact(json.loads(text))
                except ValueError:
                    pass
            out.append({"role": "assistant", "content": answer_text(answer_name, key, value)})
        else:
            question = text
            out.append({"role": "user", "content": text})
    flush()
    return join_system(instructions), out


def plain_conversation(messages):
    """The same without tools: results become user messages in plain words, calls are left out."""
    out, results, names = [], "", {}
    for message in messages:
        role, text = message["role"], text_of(message.get("content"))
        if role == "tool":
            results += "Result of %s: %s\n" % (names.get(message.get("tool_call_id")) or message.get("name") or "a tool", text)
            continue
        for call in message.get("tool_calls") or []:
            names[call.get("id")] = call["function"]["name"]
        if role == "assistant" and message.get("tool_calls") and not text:
            continue
        if results and role == "user":
            text, results = results + "\n" + text, ""
        out.append({"role": role, "content": text})
    if results:
        out.append({"role": "user", "content": results + "\nAnswer my request with these results."})
    return out


# -- the request ------------------------------------------------------------------------------------------------------

def answer_name_for(tools):
    names = {tool["function"]["name"] for tool in tools}
    return next(name for name in ("answer", "final_answer", "reply_to_user") if name not in names)


def output_schema_of(response_format):
    if response_format and response_format.get("type") == "json_schema":
        return response_format["json_schema"].get("schema", {})
    if response_format and response_format.get("type") == "json_object":
        return {"type": "object"}
    return None


def request(messages, tools=None, tool_choice="auto", response_format=None, options=None, without=()):
    """The engine's request. `options`: max_tokens, temperature, top_p, stop, seed, …; they win over the defaults.

    `without` is the way out of a loop: tools that the grammar leaves out, while the prompt stays the same. With all of them
    named, only the answer is left, whatever tool_choice says.
    """
    tools = tools or []
    output = output_schema_of(response_format)
    body = {"model": "local"}
    if not tools or tool_choice == "none":
        body["messages"] = plain_messages(messages, output)
        if output is not None:
            body["response_format"] = schema_format(grammar_schema(output))
    else:
        body["messages"], schema = tool_messages(messages, tools, tool_choice, output, without)
        body["response_format"] = schema_format(schema)
    body.update({"temperature": 0, "max_tokens": DEFAULT_MAX_TOKENS, "cache_prompt": True, "stream": True,
                 "stream_options": {"include_usage": True}})
    body.update(options or {})
    return body


def schema_format(schema):
    return {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}


def plain_messages(messages, output):
    out = plain_conversation(messages)
    system = [message["content"] for message in out if message["role"] == "system"]
    rest = [message for message in out if message["role"] != "system"]
    if output is not None and output != {"type": "object"}:
        system.append(OUTPUT_HEAD + compact(output))
    elif output is not None and not any("json" in text_of(message.get("content")).lower() for message in messages
                                        if message["role"] in ("system", "user")):
        system.append(JSON_OBJECT)
    return ([{"role": "system", "content": join_system(system)}] if system else []) + rest


def tool_messages(messages, tools, tool_choice, output, without):
    name, key = answer_name_for(tools), "text" if output is None else "value"
    instructions, rest = conversation(messages, name, key)
    answer = ANSWER_TOOL % {"answer": name, "key": key, "type": "string" if output is None else type_text(output)}
    text = TOOLS_HEAD + "".join(tool_text(tool) for tool in tools) + answer + TOOLS_RULES
    text += EXAMPLES_HEAD + CALL_EXAMPLES
    if output is None:
        text += "\n".join(question + " " + answer_text(name, key, compact(reply)) for question, reply in EXAMPLES)
    if output is not None:
        text += ANSWER_SHAPE + compact(output)
    allowed, with_answer = tools, True
    if tool_choice in ("any", "required"):
        with_answer = False
    elif isinstance(tool_choice, dict):
        wanted = tool_choice["function"]["name"]
        allowed, with_answer = [tool for tool in tools if tool["function"]["name"] == wanted], False
    allowed = [tool for tool in allowed if tool["function"]["name"] not in without]
    with_answer = with_answer or not allowed
    system = {"role": "system", "content": join_system([instructions, text])}
    return [system] + rest, reply_schema(allowed, name, output, with_answer)


# -- the reply --------------------------------------------------------------------------------------------------------

class Decoder:
    """Reads the engine's JSON piece by piece. `feed` returns the new text of the answer; `finish` returns the whole reply.

    For requests with tools only; a reply without a grammar is the text itself.
    """

    def __init__(self, answer_name="answer"):
        self.answer_name = answer_name
        self.head = ["[", "{", "\"tool\"", ":", compact(answer_name), ",", "\"arguments\"", ":", "{", "\"text\"", ":", "\""]
        self.buffer = ""
        self.position = 0     # in buffer, behind the head tokens that matched and the text that was emitted
        self.matched = 0      # head tokens; -1: this is not a text answer
        self.high = ""        # the first half of a \\u surrogate pair
        self.ended = False

    def feed(self, piece):
        self.buffer += piece
        while 0 <= self.matched < len(self.head):
            while self.position < len(self.buffer) and self.buffer[self.position] in " \t\r\n":
                self.position += 1
            token = self.head[self.matched]
            seen = self.buffer[self.position:self.position + len(token)]
            if seen == token:
                self.position += len(token)
                self.matched += 1
            elif token.startswith(seen):
                return ""  # not all of it is there yet
            else:
                self.matched = -1
        return self.string() if self.matched > 0 and not self.ended else ""

    def string(self):
        out = []
        while self.position < len(self.buffer):
            character = self.buffer[self.position]
            if character == "\"":
                self.ended = True
                break
            if character != "\\":
                out.append(character)
                self.position += 1
                continue
            escape = self.buffer[self.position + 1:self.position + 2]
            if not escape:
                break
            if escape != "u":
                out.append({"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(escape, escape))
                self.position += 2
                continue
            digits = self.buffer[self.position + 2:self.position + 6]
            if len(digits) < 4:
                break
            self.position += 6
            unit = int(digits, 16)
            if 0xD800 <= unit < 0xDC00:
                self.high = unit
            elif 0xDC00 <= unit < 0xE000:
                out.append(chr(0x10000 + ((self.high - 0xD800) << 10) + unit - 0xDC00) if self.high else "\uFFFD")
                self.high = ""
            else:
                out.append(chr(unit))
        return "".join(out)

    def finish(self):
        """{"calls": [{"name", "arguments"}]} or {"text"} or {"value"}. Raises ValueError when the JSON was cut off."""
        items = json.loads(self.buffer)
        if items[0]["tool"] == self.answer_name:
            return items[0]["arguments"]  # {"text": …} or {"value": …}
        calls = []
        for item in items:
            call = {"name": item["tool"], "arguments": item["arguments"]}
            if call not in calls:  # small models repeat themselves
                calls.append(call)
        return {"calls": calls}


def new_calls(messages, calls):
    """The calls that were not made since the last user message. When none is left, ask again without those tools."""
    made = set()
    for message in messages:
        if message["role"] == "user":
            made.clear()
        for call in message.get("tool_calls") or []:
            made.add((call["function"]["name"], canonical(arguments_text(call))))
    return [call for call in calls if (call["name"], canonical(compact(call["arguments"]))) not in made]


def canonical(text):
    return json.dumps(json.loads(text), sort_keys=True)
