# SPDX-License-Identifier: Apache-2.0
"""Judges requests: by the SDK's pydantic models, and by the schemas that the API publishes (closed, with ranges).

The SDK's models let unknown fields pass and keep unknown words, so a request is also compared with what the model makes
of it: whatever is lost or not recognized on the way is a fault.
"""
import email.parser
import email.policy
import json
import pathlib
import re
import urllib.parse

import jsonschema
from mistralai.client import models
from mistralai.client.types.basemodel import UnrecognizedStr

from driver import KEY

PUBLISHED = json.loads((pathlib.Path(__file__).parent / "published_requests.json").read_text())
# Fields that only the newest SDK knows, and the published schemas not yet.
NEWER = {"min_tokens", "repetition_penalty", "top_k", "logprobs", "top_logprobs", "prompt_logprobs", "top_prompt_logprobs"}

# method, path, the SDK's model, the published schema, the form
RULES = [
    ("POST", r"/v1/chat/completions", models.ChatCompletionRequest, "ChatCompletionRequest", "json"),
    ("POST", r"/v1/fim/completions", models.FIMCompletionRequest, "FIMCompletionRequest", "json"),
    ("POST", r"/v1/agents/completions", models.AgentsCompletionRequest, "AgentsCompletionRequest", "json"),
    ("POST", r"/v1/embeddings", models.EmbeddingRequest, "EmbeddingRequest", "json"),
    ("POST", r"/v1/moderations", models.ClassificationRequest, "ClassificationRequest", "json"),
    ("POST", r"/v1/classifications", models.ClassificationRequest, "ClassificationRequest", "json"),
    ("POST", r"/v1/chat/moderations", models.ChatModerationRequest, "ChatModerationRequest", "json"),
    ("POST", r"/v1/chat/classifications", models.ChatClassificationRequest, "ChatClassificationRequest", "json"),
    ("POST", r"/v1/ocr", models.OCRRequest, "OCRRequest", "json"),
    ("POST", r"/v1/batch/jobs", models.CreateBatchJobRequest, "CreateBatchJobRequest", "json"),
    ("POST", r"/v1/conversations", models.ConversationRequest, "ConversationRequest", "json"),
    ("POST", r"/v1/conversations/[^/]+", models.ConversationAppendRequest, None, "json"),
    ("POST", r"/v1/conversations/[^/]+/restart", models.ConversationRestartRequest, None, "json"),
    ("PATCH", r"/v1/agents/[^/]+", models.UpdateAgentRequest, None, "json"),
    ("GET", r"/v1/agents", models.AgentsAPIV1AgentsListRequest, None, "query"),
    ("GET", r"/v1/conversations", models.AgentsAPIV1ConversationsListRequest, None, "query"),
    ("POST", r"/v1/agents", models.CreateAgentRequest, "CreateAgentRequest", "json"),
    ("POST", r"/v1/audio/transcriptions", models.AudioTranscriptionRequest, "AudioTranscriptionRequest", "form"),
    ("POST", r"/v1/files", models.MultiPartBodyParams, None, "form"),
    ("GET", r"/v1/files", models.FilesAPIRoutesListFilesRequest, None, "query"),
    ("GET", r"/v1/batch/jobs", models.JobsAPIRoutesBatchGetBatchJobsRequest, None, "query"),
    ("GET", r"/v1/files/[^/]+/url", models.FilesAPIRoutesGetSignedURLRequest, None, "query"),
    ("GET", r"/v1/models(/[^/]+)?|/v1/files/[^/]+(/content)?|/v1/batch/jobs/[^/]+|/v1/conversations/[^/]+(/history|/messages)?|/v1/agents/[^/]+", None, None, "none"),
    ("DELETE", r"/v1/files/[^/]+|/v1/models/[^/]+|/v1/batch/jobs/[^/]+|/v1/agents/[^/]+|/v1/conversations/[^/]+", None, None, "none"),
    ("POST", r"/v1/batch/jobs/[^/]+/cancel", None, None, "none"),
]
STREAMED = {
    models.ChatCompletionRequest: models.ChatCompletionStreamRequest,
    models.ConversationRequest: models.ConversationStreamRequest,
}
# The order in which the SDK sends the parts of a form.
ORDER = {
    "/v1/audio/transcriptions": [
        "model", "file", "file_url", "file_id", "language", "temperature", "stream", "diarize", "context_bias", "timestamp_granularities"],
    "/v1/files": ["expiry", "visibility", "purpose"],
}


def judge(request):
    """A list of faults; empty when the request is as the API wants it."""
    faults = head_faults(request)
    for method, path, model, schema, form in RULES:
        if method == request.method and re.fullmatch(path, request.path):
            return faults + body_faults(request, model, schema, form)
    return faults + [f"no endpoint {request.method} {request.path}"]


def head_faults(request):
    faults = []
    if request.headers.get("authorization") != f"Bearer {KEY}":
        faults.append(f"Authorization is {request.headers.get('authorization')!r}")
    if not request.headers.get("user-agent", "").startswith("agent-runtime"):
        faults.append(f"User-Agent is {request.headers.get('user-agent')!r}")
    if not request.headers.get("accept"):
        faults.append("no Accept")
    return faults


def body_faults(request, model, schema, form):
    kind = request.headers.get("content-type", "")
    if form == "json":
        if kind.split(";")[0] != "application/json":
            return [f"Content-Type is {kind!r}"]
        value = request.json()
        if value.get("stream") is True:
            model = STREAMED.get(model, model)
        return by_model(value, model) + by_schema(value, schema)
    if request.body and form in ("none", "query"):
        return ["a body where there is none"]
    if form == "query":
        value = pairs_to_value(urllib.parse.parse_qsl(request.query, keep_blank_values=True), model)
        if "file_id" in model.model_fields:
            value["file_id"] = request.path.split("/")[3]
        return by_model(value, model)
    if form == "form":
        return form_faults(request, kind, model, schema)
    return [f"a query where there is none: {request.query}"] if request.query else []


def form_faults(request, kind, model, schema):
    pairs = form_pairs(request, kind)
    names = [name for name, _ in pairs if name != "file"]
    order = [name for name in ORDER[request.path] if name in names]
    faults = [] if list(dict.fromkeys(names)) == order else [f"fields in the order {names}, by the SDK {order}"]
    value = pairs_to_value([pair for pair in pairs if pair[0] != "file"], model)
    files = [part for name, part in pairs if name == "file"]
    if files:
        if len(files) > 1 or pairs[-1][0] != "file":
            faults.append("file must be one part, the last")
        value["file"] = files[0]
    if value.get("stream") is True and model is models.AudioTranscriptionRequest:
        model, schema = models.AudioTranscriptionRequestStream, "AudioTranscriptionRequestStream"
    sent = {name: field for name, field in value.items() if name != "file"}
    return faults + by_model(value, model, sent) + by_schema(sent, schema)


def form_pairs(request, kind):
    """The fields of a form in their order; a file is {fileName, content}."""
    if kind.split(";")[0] == "application/x-www-form-urlencoded":
        return urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    if not kind.startswith("multipart/form-data; boundary="):
        raise ValueError(f"Content-Type is {kind!r}")
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    pairs = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        file_name = part.get_filename()
        pairs.append((name, content.decode() if file_name is None else {"fileName": file_name, "content": content}))
    return pairs


def pairs_to_value(pairs, model):
    """The texts of a form or query as the JSON that they stand for, by the types of `model`."""
    value = {}
    properties = model.model_json_schema(by_alias=True)["properties"]
    for name, text in pairs:
        field = json.dumps(properties.get(name, {})) + json.dumps(model.model_json_schema().get("$defs", {}).get(
            properties.get(name, {}).get("$ref", "").split("/")[-1], {}))
        if '"array"' in field or "List_" in field:
            value.setdefault(name, []).append(text)
            continue
        if name in value:
            raise ValueError(f"{name} is there twice")
        if '"boolean"' in field:
            value[name] = {"true": True, "false": False}[text]
        elif '"integer"' in field or "_int_" in field:
            value[name] = int(text)
        elif '"number"' in field or "_float_" in field:
            value[name] = float(text)
        else:
            value[name] = text
    return value


def by_model(value, model, compared=None):
    try:
        parsed = model.model_validate(value)
    except Exception as error:
        return [f"{model.__name__} refuses it: {str(error)[:400]}"]
    made = parsed.model_dump(mode="python", by_alias=True)
    return [f"{model.__name__}: {fault}" for fault in lost(value if compared is None else compared, made, "")]


def lost(sent, made, place):
    """What of `sent` is missing, changed or unrecognized in `made`."""
    if isinstance(made, UnrecognizedStr):
        return [f"{place}: the word {made!r} is unknown"]
    if isinstance(sent, dict):
        if hasattr(made, "model_dump"):
            made = made.model_dump(by_alias=True)
        if not isinstance(made, dict):
            return [f"{place}: an object became {type(made).__name__}"]
        if made.get("is_unknown") is True:
            return [f"{place}: a form that the SDK does not know: {json.dumps(sent)[:200]}"]
        faults = []
        for name, field in sent.items():
            if name not in made:
                faults.append(f"{place}.{name}: an unknown field")
            else:
                faults += lost(field, made[name], f"{place}.{name}")
        return faults
    if isinstance(sent, list):
        if not isinstance(made, list) or len(made) != len(sent):
            return [f"{place}: the list became {made!r}"]
        return [fault for i, (a, b) in enumerate(zip(sent, made)) for fault in lost(a, b, f"{place}[{i}]")]
    if hasattr(made, "isoformat"):
        return []
    return [] if sent == made else [f"{place}: {sent!r} became {made!r}"]


def by_schema(value, name):
    if name is None:
        return []
    document = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": PUBLISHED}}
    if name == "ChatCompletionRequest":
        value = {field: content for field, content in value.items() if field not in NEWER}
    validator = jsonschema.Draft202012Validator(document)
    return [f"{name}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(value)]
