#!/usr/bin/env python3
# Turns a sentence encoder of the BERT kind from its safetensors form into GGUF, the form that llama.cpp reads. Standard library only.
# Matrices become 16-bit floats: half the size, and the cosine of the vectors to those of 32 bits is 0.999998 or more. (Q8_0 would be half
# as fast again, at a cosine of 0.998 and more.)
# The same bytes come out on every machine, so that models.json can pin their sha256.
"""usage: bert_gguf.py MODEL_FOLDER OUT.gguf

MODEL_FOLDER holds config.json, vocab.txt (WordPiece) and model.safetensors (32-bit floats).
"""
import json
import os
import struct
import sys

ALIGNMENT = 32
PIECE = 1 << 20  # bytes of floats that are held as Python numbers at once
F32, F16 = 0, 1  # ggml_type
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9  # gguf_metadata_value_type
NORMAL, CONTROL, UNUSED = 1, 3, 5  # llama_token_type
MEAN = 1  # llama_pooling_type
MOSTLY_F16 = 1  # llama_ftype
NAMES = (
    ("attention.self.query", "attn_q"), ("attention.self.key", "attn_k"), ("attention.self.value", "attn_v"),
    ("attention.output.dense", "attn_output"), ("attention.output.LayerNorm", "attn_output_norm"),
    ("intermediate.dense", "ffn_up"), ("output.dense", "ffn_down"), ("output.LayerNorm", "layer_output_norm"))


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def entry(key, kind, value):
    """One key of the metadata. `kind` of a list is that of its items."""
    if isinstance(value, list):
        head = text(key) + struct.pack("<IIQ", ARRAY, kind, len(value))
        return head + (b"".join(map(text, value)) if kind == STRING else struct.pack("<%di" % len(value), *value))
    form = {UINT32: "<I", FLOAT32: "<f", BOOL: "<?"}
    return text(key) + struct.pack("<I", kind) + (text(value) if kind == STRING else struct.pack(form[kind], value))


def tokens_of(vocabulary):
    """llama.cpp marks the start of a word where WordPiece marks the inside of one."""
    names, kinds = [], []
    for token in vocabulary:
        special = token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
        unused = token.startswith("[unused") and token.endswith("]")
        inside = token.startswith("##")
        names.append(token if special or unused else token[2:] if inside else "\u2581" + token)
        kinds.append(CONTROL if special else UNUSED if unused else NORMAL)
    return names, kinds


def metadata(config, vocabulary, name):
    names, kinds = tokens_of(vocabulary)
    at = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = "tokenizer.ggml."
    entries = [
        ("general.architecture", STRING, "bert"), ("general.name", STRING, name),
        ("general.license", STRING, "apache-2.0"),
        ("bert.block_count", UINT32, config["num_hidden_layers"]),
        ("bert.context_length", UINT32, config["max_position_embeddings"]),
        ("bert.embedding_length", UINT32, config["hidden_size"]),
        ("bert.feed_forward_length", UINT32, config["intermediate_size"]),
        ("bert.attention.head_count", UINT32, config["num_attention_heads"]),
        ("bert.attention.layer_norm_epsilon", FLOAT32, config["layer_norm_eps"]),
        ("bert.attention.causal", BOOL, False), ("bert.pooling_type", UINT32, MEAN),
        ("general.file_type", UINT32, MOSTLY_F16),
        (tokenizer + "model", STRING, "bert"), (tokenizer + "pre", STRING, "default"),
        (tokenizer + "tokens", STRING, names), (tokenizer + "token_type", INT32, kinds),
        (tokenizer + "token_type_count", UINT32, config["type_vocab_size"]),
        (tokenizer + "unknown_token_id", UINT32, at["[UNK]"]), (tokenizer + "seperator_token_id", UINT32, at["[SEP]"]),
        (tokenizer + "padding_token_id", UINT32, at["[PAD]"]), (tokenizer + "cls_token_id", UINT32, at["[CLS]"]),
        (tokenizer + "bos_token_id", UINT32, at["[CLS]"]), (tokenizer + "eos_token_id", UINT32, at["[SEP]"]),
        (tokenizer + "mask_token_id", UINT32, at["[MASK]"]),
    ]
    return len(entries), b"".join(entry(*one) for one in entries)


class Safetensors:
    """The tensors of a safetensors file: 8 bytes of length, a header of JSON, then the numbers."""

    def __init__(self, path):
        self.file = open(path, "rb")
        length, = struct.unpack("<Q", self.file.read(8))
        self.header = json.loads(self.file.read(length))
        self.start = 8 + length
        self.prefix = "" if "embeddings.word_embeddings.weight" in self.header else "bert."

    def shape(self, name):
        return self.header[self.prefix + name]["shape"]

    def raw(self, name):
        """The bytes of 32-bit floats, little-endian."""
        about = self.header[self.prefix + name]
        if about["dtype"] != "F32":
            raise ValueError("%s: expected F32, found %s" % (name, about["dtype"]))
        first, end = about["data_offsets"]
        self.file.seek(self.start + first)
        return self.file.read(end - first)


def half(raw):
    """16-bit floats, rounded to the nearest, ties to even."""
    pieces = []
    for start in range(0, len(raw), PIECE):
        piece = raw[start:start + PIECE]
        count = len(piece) // 4
        pieces.append(struct.pack("<%de" % count, *struct.unpack("<%df" % count, piece)))
    return b"".join(pieces)


def tensors_of(config):
    """Name here, name there, whether it stays in 32 bits."""
    yield "token_embd.weight", "embeddings.word_embeddings.weight", False
    yield "position_embd.weight", "embeddings.position_embeddings.weight", True
    yield "token_types.weight", "embeddings.token_type_embeddings.weight", True
    yield "token_embd_norm.weight", "embeddings.LayerNorm.weight", True
    yield "token_embd_norm.bias", "embeddings.LayerNorm.bias", True
    for layer in range(config["num_hidden_layers"]):
        for there, here in NAMES:
            for part in ("weight", "bias"):
                exact = part == "bias" or there.endswith("LayerNorm")
                yield "blk.%d.%s.%s" % (layer, here, part), "encoder.layer.%d.%s.%s" % (layer, there, part), exact


def padding(length):
    return b"\0" * (-length % ALIGNMENT)


def convert(folder, out, name, check=lambda: None):
    """Writes `out`. Calls `check` between tensors; what it raises ends the work."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    with open(os.path.join(folder, "vocab.txt"), encoding="utf-8", newline="\n") as file:
        vocabulary = [line.rstrip("\n") for line in file]
    source = Safetensors(os.path.join(folder, "model.safetensors"))
    list_of_tensors = list(tensors_of(config))
    infos, offset = [], 0
    for here, there, exact in list_of_tensors:
        shape = source.shape(there)
        count = 1
        for size in shape:
            count *= size
        dimensions = b"".join(struct.pack("<Q", size) for size in reversed(shape))
        infos.append(text(here) + struct.pack("<I", len(shape)) + dimensions
                     + struct.pack("<IQ", F32 if exact else F16, offset))
        offset += count * (4 if exact else 2)
        offset += -offset % ALIGNMENT
    number_of_entries, entries = metadata(config, vocabulary, name)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), number_of_entries) + entries + b"".join(infos)
    with open(out, "wb") as file:
        file.write(head + padding(len(head)))
        for _, there, exact in list_of_tensors:
            check()
            data = source.raw(there) if exact else half(source.raw(there))
            file.write(data + padding(len(data)))
        file.flush()
        os.fsync(file.fileno())
    source.file.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    convert(sys.argv[1], sys.argv[2], "all-MiniLM-L6-v2")
