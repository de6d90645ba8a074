# SPDX-License-Identifier: Apache-2.0
"""The endpoints: how their responses are made, which call gets them, and what the caller must then see."""
import base64
import json
import struct
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from mistralai.client import models
from pydantic import TypeAdapter

import calls
import chat
from compare import as_numbers, difference, lacking, without_nulls

FILE = "7d1b3e0c-7d2c-4f4c-9d67-1d1d2f4c2b10"


class ListOf:
    """The SDK's model of a response that is a list."""

    def __init__(self, model):
        self.adapter = TypeAdapter(list[model])

    def model_json_schema(self, by_alias=True):
        return self.adapter.json_schema(by_alias=by_alias)

    def model_validate(self, value):
        return self.adapter.validate_python(value)


class One(ListOf):
    """The SDK's model of a response that is one of several."""

    def __init__(self, model):
        self.adapter = TypeAdapter(model)


@dataclass
class Endpoint:
    name: str
    # The SDK's model of the response; None where it is bytes or events.
    model: Any
    # From a response, the call that gets it; `None` where no call can (a list of none).
    call: Callable
    # What is wrong with what the call gave (`{"value": …}` or `{"error": …}`); None when nothing is.
    check: Callable
    # Makes a response one that belongs to the call: as many vectors as texts.
    adapt: Callable = lambda rng, response: response
    # The bytes of the response, where they are not just its JSON.
    encode: Optional[Callable] = None
    prefer: dict = field(default_factory=dict)
    driver: str = "lua"
    least: int = 200


def value_or_fault(check):
    return lambda response, call, gave: gave["error"][:200] if "error" in gave else check(response, call, gave["value"])


def same(response, _, value):
    return difference(without_nulls(response), without_nulls(value))


# --- Chat


def check_chat(response, _, gave):
    expected = chat.expect(response)
    if expected is None:
        # A response without any message: said in words, not taken for an empty answer.
        return None if "not a chat completion" in gave.get("error", "") else "no error for a response without a message"
    if "error" in gave:
        return gave["error"][:200]
    return difference(expected, chat.same_arguments(expected, gave["value"]))


ONE_CHOICE = {".choices#": 1, "ChatCompletionChoice.message?": "there", "ChatCompletionChoice.message|": 0}


def stream_of(rng, chunk):
    """A stream of the generated chunk and of plain ones around it, as one choice."""
    def delta(content, reason=None):
        return chunk | {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": reason}], "usage": None}
    middle = chunk | {"choices": [choice | {"index": 0} for choice in chunk["choices"][:1]]}
    for choice in middle["choices"]:
        for number, call in enumerate(choice["delta"].get("tool_calls") or []):
            call["index"] = number
    first = [delta("")] if rng.random() < 0.5 else [delta("Once ")]
    last = [delta("", rng.choice(["stop", "length", "a_reason_of_2031"]))]
    # A usage of null or none at the end says nothing; one that came before stays.
    return first + [middle] + [delta("upon")] + last


def encode_stream(rng, events):
    end = rng.choice(["\n", "\r\n"])
    texts = [f"data: {json.dumps(event, ensure_ascii=rng.random() < 0.5)}{end}{end}" for event in events]
    return ("".join(texts) + rng.choice([f"data: [DONE]{end}{end}", ""])).encode()


def check_stream(events, _, gave):
    if "error" in gave:
        return gave["error"][:200]
    found = gave["value"]
    content, calls_made, thoughts, usage, reason = "", [], "", None, None
    others = []
    for event in events:
        usage = chat.usage(event.get("usage")) or usage
        for choice in event["choices"]:
            reason = choice.get("finish_reason") or reason
            piece = choice["delta"].get("content")
            for part in [{"type": "text", "text": piece}] if isinstance(piece, str) else piece or []:
                if part.get("type") == "text":
                    content += part["text"]
                elif part.get("type") == "thinking":
                    thoughts += chat.thought(part)
                else:
                    others.append(part)
            calls_made += choice["delta"].get("tool_calls") or []
    expected = {"text": content, "thoughts": thoughts, "chunks": others, "finish_reason": reason}
    if said := lacking(expected, found):
        return said
    if usage and (said := difference(usage, found.get("usage"))):
        return "usage" + said
    return None if [c["function"]["name"] for c in calls_made] == [c["name"] for c in found["tool_calls"]] else "other calls"


# --- Embeddings


def adapt_embeddings(rng, response):
    """As many vectors as texts, each with numbers, under indexes that are a permutation, or under none."""
    items = response.get("data") or [{} for _ in range(rng.choice([1, 2, 7]))]
    order = rng.choice(["given", "mixed", "none"])
    places = list(range(len(items)))
    if order == "mixed":
        rng.shuffle(places)
    for place, item in zip(places, items):
        item.pop("index", None)
        if order != "none":
            item["index"] = place
        item["embedding"] = [rng.choice([0, 1, -1, 0.25, 1e-7, -0.043697, 127.0, 1e300]) for _ in range(rng.choice([1, 8, 33]))]
    return response | {"data": items}


def call_embed(rng, response):
    call = calls.embed(rng, len(response["data"]))
    options = call["arguments"][1]
    dtype = options.get("output_dtype", "float")
    for item in response["data"]:
        if dtype != "float":
            least = -128 if dtype in ("int8", "binary") else 0
            item["embedding"] = [rng.randrange(least, least + 256) for _ in item["embedding"]]
        if options.get("encoding_format") == "base64":
            # The API answers in little-endian floats of 32 bits, or one byte a number.
            item["bytes"] = [struct.unpack("<f", struct.pack("<f", min(n, 1e30)))[0] if dtype == "float" else n for n in item["embedding"]]
    return call


def encode_embeddings(_, response):
    data = []
    for item in response["data"]:
        item = dict(item)
        if (numbers := item.pop("bytes", None)) is not None:
            form = "<%df" % len(numbers) if isinstance(numbers[0], float) else "%d%s" % (len(numbers), "b" if min(numbers) < 0 else "B")
            item["embedding"] = base64.b64encode(struct.pack(form, *numbers)).decode()
        data.append(item)
    return json.dumps(response | {"data": data}).encode()


def check_embeddings(response, _, value):
    expected = [None] * len(response["data"])
    for place, item in enumerate(response["data"]):
        expected[item.get("index", place)] = item.get("bytes", item["embedding"])
    usage = chat.usage(response.get("usage")) or chat.usage({})
    return difference(as_numbers(expected), as_numbers(value["vectors"])) or lacking(usage, value["usage"]) or lacking(
        response["model"], value["model"])


# --- Documents, recordings, verdicts


def call_ocr(rng, response):
    call = calls.ocr(rng)
    options = call["arguments"][1]
    right = lambda: json.dumps({"name": "a", "tags": ["b", "ü"]})
    # An annotation comes when one was asked for, as JSON in a string.
    response["document_annotation"] = right() if "document_annotation" in options else None
    for page in response["pages"]:
        for image in page.get("images") or []:
            image["image_annotation"] = right() if "bbox_annotation" in options else None
    return call


def check_ocr(response, _, value):
    expected = json.loads(json.dumps(response))
    if text := expected["document_annotation"]:
        expected["document_annotation"] = json.loads(text)
    for page in expected["pages"]:
        for image in page.get("images") or []:
            if image["image_annotation"]:
                image["image_annotation"] = json.loads(image["image_annotation"])
    return lacking(expected, value)


def check_transcription(response, _, value):
    return lacking(response, value)


def transcription_events(rng, response):
    words = [response["text"][i:i + 40] for i in range(0, len(response["text"]), 40)]
    events = [("transcription.language", {"audio_language": "en"})] if rng.random() < 0.5 else []
    events += [("transcription.text.delta", {"text": word, "field_of_2031": None}) for word in words]
    events += [("transcription.segment", {"text": "a", "start": 0.0, "end": 1, "speaker_id": None}), ("event.of.2031", {})]
    return events + [("transcription.done", response)]


def encode_transcription_events(rng, response):
    return "".join(
        f"event: {name}\ndata: {json.dumps(data | {'type': name})}\n\n" for name, data in transcription_events(rng, response)).encode()


def check_transcription_stream(response, _, value):
    if value["pieces"] != response["text"]:
        return f"pieces: {value['pieces']!r:.80}"
    return lacking({name: field for name, field in response.items() if name != "type"}, value["result"])


def expected_verdict(result):
    flags = result.get("categories") or {}
    return result | {"flagged": any(flags.values())}


def check_moderation(response, _, gave):
    if any(not r.get("categories") and not r.get("category_scores") for r in response["results"]):
        # A verdict without any category must not pass for a clean one.
        if "error" in gave or not all(v["flagged"] is False for v in gave["value"]["verdicts"]):
            return None
    if "error" in gave:
        return gave["error"][:200]
    # Scores are fractions: 0 and 0.0 are one.
    return lacking(as_numbers([expected_verdict(r) for r in response["results"]]), as_numbers(gave["value"]["verdicts"]))


def verdicts(make):
    return lambda rng, response: make(rng, len(response["results"])) if response["results"] else None


def call_classify(rng, response):
    if not response["results"]:
        return None
    call = rng.choice([calls.moderate_texts, calls.moderate_chat])(rng, len(response["results"]))
    return call | {"call": "classify", "view": "list", "arguments": [call["arguments"][0], {"model": "ft:classifier:1"}]}


# --- Lists and objects that are handed through


def fixed(call, *arguments):
    return lambda rng, response: {"call": call, "arguments": list(arguments)}


def listed(call, *choices):
    return lambda rng, response: {"call": call, "view": "list", "arguments": [rng.choice(choices)] if choices else []}


def check_data(response, _, value):
    return same(response.get("data") or [], None, value)


def page(rng, response):
    return response | {"total": len(response.get("data") or [])} if "total" in response else response


def batch_job(rng, _):
    job = {"endpoint": rng.choice(["/v1/chat/completions", "/v1/embeddings", "/v1/ocr"])} | calls.options(rng, {
        "model": lambda: "mistral-small-latest",
        "metadata": lambda: {"job": "nightly"},
        "timeout_hours": lambda: rng.choice([1, 24, 168]),
    })
    if rng.random() < 0.5:
        job["input_files"] = [FILE]
    else:
        job["requests"] = [{"custom_id": str(i), "body": {"max_tokens": 10, "messages": [{"role": "user", "content": "é"}]}} for i in range(rng.choice([1, 3]))]
    return {"call": "batch.create", "arguments": [job]}


def fim(rng, _):
    options = calls.options(rng, {
        "temperature": lambda: rng.choice([0, 1.5]), "top_p": lambda: 1, "max_tokens": lambda: 64, "stop": lambda: ["\n"],
        "random_seed": lambda: 0, "metadata": lambda: {"a": 1}, "min_tokens": lambda: 1})
    return {"call": "fim", "arguments": ["codestral-latest", "def f(", rng.choice(["return x", None]), options]}


def agent_completion(rng, _):
    return {"call": "agent_completion", "arguments": ["ag_1", calls.options(rng, {"max_tokens": lambda: 1, "random_seed": lambda: 0, "metadata": lambda: {"a": 1}, "stop": lambda: ["a"]})]}


def check_turn(response, _, value):
    said = []
    for entry in response["outputs"]:
        # A type that is missing or null is the usual one.
        content = entry.get("content") if entry.get("type") in (None, "message.output") else ""
        said += [content] if isinstance(content, str) else [c["text"] for c in content or [] if c.get("type") in (None, "text") and "text" in c]
    usage = chat.usage(response.get("usage")) or chat.usage({})
    made = [{"id": e["tool_call_id"], "name": e["name"]} for e in response["outputs"] if e.get("type") == "function.call"]
    return (
        difference(response, value["fields"]) or difference(response["outputs"], value["outputs"])
        or difference("".join(said), value["text"], "/text") or difference(usage, value["usage"], "/usage")
        or lacking(made, value["tool_calls"], "/tool_calls"))


def turns(name, start=False):
    return lambda rng, _: {"call": name, "arguments": ([] if start else ["conv_1"]) + [calls.conversation_fields(rng, start)]}


def kept(name, call, model, check=same):
    return Endpoint(name, model, call, value_or_fault(check), driver="probe")


def agents():
    of = lambda name, *arguments: (lambda rng, _: {"call": name, "arguments": list(arguments)})
    conversation = models.ResponseV1ConversationsGet
    return [
        Endpoint("agents/completions", models.ChatCompletionResponse, agent_completion, check_chat, prefer=ONE_CHOICE, driver="probe"),
        kept("agents, create", lambda rng, _: {"call": "agents.create", "arguments": [calls.agent_fields(rng)]}, models.Agent),
        kept("agents", of("agents.list"), ListOf(models.Agent)),
        kept("agents/{id}", of("agents.get", "ag_1"), models.Agent),
        kept("agents/{id}, update", lambda rng, _: {"call": "agents.update", "arguments": ["ag_1", calls.agent_fields(rng)]}, models.Agent),
        kept("conversations, start", turns("conversations.start", True), models.ConversationResponse, check_turn),
        kept("conversations/{id}", turns("conversations.append"), models.ConversationResponse, check_turn),
        kept("conversations/{id}/restart", turns("conversations.restart"), models.ConversationResponse, check_turn),
        kept("conversations", of("conversations.list"), ListOf(models.AgentsAPIV1ConversationsListResponse)),
        kept("conversations/{id}, get", of("conversations.get", "conv_1"), One(conversation)),
        kept("conversations/{id}/history", of("conversations.history", "conv_1"), models.ConversationHistory),
        kept("conversations/{id}/messages", of("conversations.messages", "conv_1"), models.ConversationMessages),
    ]


def endpoints(files):
    """All of them. `files` are paths of a recording and of a document."""
    upload = lambda rng, _: {"call": "files.upload", "arguments": [files["batch"], rng.choice([{"purpose": "batch"}, {"purpose": "ocr", "name": "scan é.pdf"}, {}])]}
    job_query = [{}, {"model": "mistral-small-latest"}, {"status": ["RUNNING", "QUEUED"]}, {"metadata": {"job": "nightly"}}, {"created_by_me": True, "order_by": "created"}]
    return [
        Endpoint("chat", models.ChatCompletionResponse, lambda rng, r: {"call": "chat", "arguments": ["mistral-small-latest", "hi"]}, check_chat, prefer=ONE_CHOICE, driver="probe", least=400),
        Endpoint("chat, streamed", models.CompletionChunk, lambda rng, r: {"call": "chat_stream", "arguments": ["mistral-small-latest", "hi"]}, check_stream, adapt=stream_of, encode=encode_stream, prefer={".choices#": 1}, driver="probe"),
        Endpoint("fim", models.FIMCompletionResponse, fim, check_chat, prefer=ONE_CHOICE, driver="probe"),
        Endpoint("embeddings", models.EmbeddingResponse, call_embed, value_or_fault(check_embeddings), adapt=adapt_embeddings, encode=encode_embeddings),
        Endpoint("ocr", models.OCRResponse, call_ocr, value_or_fault(check_ocr)),
        Endpoint("audio/transcriptions", models.TranscriptionResponse, lambda rng, r: calls.transcribe(rng, files["audio"]), value_or_fault(check_transcription)),
        Endpoint("audio/transcriptions, streamed", models.TranscriptionStreamDone, lambda rng, r: calls.transcribe(rng, files["audio"]) | {"call": "transcribe_stream"}, value_or_fault(check_transcription_stream), encode=encode_transcription_events),
        Endpoint("moderations", models.ModerationResponse, verdicts(calls.moderate_texts), check_moderation, least=320),
        Endpoint("chat/moderations", models.ModerationResponse, verdicts(calls.moderate_chat), check_moderation, least=320),
        Endpoint("classifications", models.ClassificationResponse, call_classify, value_or_fault(lambda r, _, v: same(r["results"], None, v)), least=320),
        Endpoint("models", models.ModelList, listed("models"), value_or_fault(check_data)),
        Endpoint("models/{id}", models.BaseModelCard, fixed("models", "ft:open-mistral-7b/é"), value_or_fault(same)),
        Endpoint("files, upload", models.CreateFileResponse, upload, value_or_fault(same)),
        Endpoint("files", models.ListFilesResponse, listed("files.list", {}, {"purpose": "ocr"}, {"search": "a&b é"}), value_or_fault(check_data), adapt=page),
        Endpoint("files/{id}", models.GetFileResponse, fixed("files.get", FILE), value_or_fault(same)),
        Endpoint("files/{id}, delete", models.DeleteFileResponse, fixed("files.delete", FILE), value_or_fault(same)),
        Endpoint("files/{id}/url", models.GetSignedURLResponse, lambda rng, r: {"call": "files.url", "arguments": [FILE] + rng.choice([[], [1], [168]])}, value_or_fault(lambda r, _, v: difference(r["url"], v))),
        Endpoint("batch/jobs, create", models.BatchJob, batch_job, value_or_fault(same)),
        Endpoint("batch/jobs", models.ListBatchJobsResponse, listed("batch.list", *job_query), value_or_fault(check_data), adapt=page),
        Endpoint("batch/jobs/{id}", models.BatchJob, fixed("batch.get", FILE), value_or_fault(same)),
        Endpoint("batch/jobs/{id}/cancel", models.BatchJob, fixed("batch.cancel", FILE), value_or_fault(same)),
    ] + agents()
