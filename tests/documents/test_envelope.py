"""Our sealed format is Tink's, in both directions, and opens anywhere; nothing but the sealed bytes opens."""

import io
import os

import pytest
import tink
from hypothesis import given
from hypothesis import strategies as st
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from documents import envelope
from documents.envelope import HEADER, SEGMENT, TAG, Opener, Sealer, Tampered, sealed_size, span

KEY = bytes(range(32))
ABOUT = b"document:1"
PLAIN = SEGMENT - TAG
EDGES = [0, 1, PLAIN - HEADER - 1, PLAIN - HEADER, PLAIN - HEADER + 1, 2 * PLAIN - HEADER, 2 * PLAIN - HEADER + 1, 3 * PLAIN + 7]


def tinks() -> streaming_aead.StreamingAead:
    """Tink's own implementation, with the same key."""
    streaming_aead.register()
    parameters = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=SEGMENT, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256
    )
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, params=parameters, key_value=KEY)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
        value=key.SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    entry = tink_pb2.Keyset.Key(key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[entry])
    handle = tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


def seal(plain: bytes, key: bytes = KEY, about: bytes = ABOUT, step: int = 70_001) -> bytes:
    sealer = Sealer(key, about)
    return b"".join([*(sealer.update(plain[at : at + step]) for at in range(0, len(plain), step)), sealer.finish()])


def unseal(sealed: bytes, size: int, start: int = 0, end: int | None = None, key: bytes = KEY, about: bytes = ABOUT) -> bytes:
    where = span(size, start, size if end is None else end)
    opener = Opener(key, about, sealed[:HEADER], sealed_size(size))
    return b"".join(opener.open([sealed[where.offset : where.offset + where.length]], where))


@pytest.mark.parametrize("size", EDGES)
def test_tink_opens_what_we_seal(size):
    plain = os.urandom(size)
    with tinks().new_decrypting_stream(io.BytesIO(seal(plain)), ABOUT) as stream:
        assert stream.read() == plain


@pytest.mark.parametrize("size", EDGES)
def test_we_open_what_tink_seals(size):
    plain, kept = os.urandom(size), io.BytesIO()
    kept.close = lambda: None
    with tinks().new_encrypting_stream(kept, ABOUT) as stream:
        stream.write(plain)
    sealed = kept.getvalue()
    assert len(sealed) == sealed_size(size)
    assert unseal(sealed, size) == plain


LONG = os.urandom(3 * PLAIN + 7)
SEALED = seal(LONG)


@given(st.tuples(*[st.integers(0, len(LONG))] * 2).map(sorted))
def test_any_range_opens_alone(bounds):
    start, end = bounds
    assert unseal(SEALED, len(LONG), start, end) == LONG[start:end]


def swap(sealed: bytes) -> bytes:
    return sealed[:SEGMENT] + sealed[2 * SEGMENT : 3 * SEGMENT] + sealed[SEGMENT : 2 * SEGMENT] + sealed[3 * SEGMENT :]


@pytest.mark.parametrize(
    "tampered",
    [
        pytest.param(SEALED[:100] + b"x" + SEALED[101:], id="a byte changed"),
        pytest.param(swap(SEALED), id="segments swapped"),
        pytest.param(SEALED[: 2 * SEGMENT], id="tail cut at a segment's edge"),
        pytest.param(SEALED[:-1], id="last byte cut"),
        pytest.param(SEALED[:HEADER], id="only the header"),
    ],
)
def test_what_was_tampered_with_does_not_open(tampered):
    with pytest.raises(Tampered):
        unseal(tampered, len(LONG))


@pytest.mark.parametrize("cut", [SEGMENT, 2 * SEGMENT, 3 * SEGMENT])
def test_a_cut_tail_shows_even_where_the_row_was_made_to_agree(cut):
    size = cut - HEADER - (cut // SEGMENT) * TAG
    with pytest.raises(Tampered):
        unseal(SEALED[:cut], size)


@pytest.mark.parametrize("other", [{"key": bytes(32)}, {"about": b"document:2"}])
def test_another_key_or_another_document_does_not_open(other):
    with pytest.raises(Tampered):
        unseal(SEALED, len(LONG), **other)


def test_a_whole_object_opens_by_its_sealed_size():
    for size in EDGES:
        assert envelope.whole(sealed_size(size)).take == size
