"""The bundled encoder: same vectors as sentence-transformers, cheap to open, at home in both languages."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.static_encoder import (
    PIECES_FILE,
    SCORES_FILE,
    TOKENIZER_FILE,
    StaticEncoder,
    UnigramTokenizer,
    compute_fingerprint,
    pack_vocabulary,
)

MODEL = Path(__file__).resolve().parents[2] / "index" / "model"
TEXTS = [
    "Which countries agreed to work together on the risks of frontier AI?",
    "哪些国家同意共同应对前沿人工智能的风险?",
    "article 14(2) human oversight shall aim to prevent or minimise the risks",
    "第14条第2款 人工监督",
    "naïve café ＡＩ 2023",
    "",
    "!?… ——",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder.from_folder(MODEL)


def test_rows_have_length_one(encoder: StaticEncoder) -> None:
    """Every text with a known token gives a unit row of the stated width."""
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors[:5], axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "!?…", "\U0001f600", "ꙮ"])
def test_nothing_known_gives_zeros(encoder: StaticEncoder, text: str) -> None:
    """Empty texts, punctuation and unknown characters have no direction, alone or beside other texts."""
    alone, beside = encoder.encode([text])[0], encoder.encode(["summit", text])[1]
    assert not alone.any()
    assert not beside.any()


def test_no_texts_give_no_rows(encoder: StaticEncoder) -> None:
    """An empty list is not an error."""
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_same_text_same_bytes(encoder: StaticEncoder) -> None:
    """A row does not depend on the texts beside it, nor on which loader object made it."""
    together = encoder.encode(TEXTS * 50)
    again = StaticEncoder.from_folder(MODEL)
    for row, text in enumerate(TEXTS):
        assert again.encode([text])[0].tobytes() == together[row].tobytes()


def test_few_and_many_texts_give_the_same_bytes() -> None:
    """Questions and builds go through different tokenizers; the vectors must not tell which."""
    few = StaticEncoder.from_folder(MODEL).encode(TEXTS)
    many = StaticEncoder.from_folder(MODEL).encode([*TEXTS, "long text " * 3000])
    assert few.tobytes() == many[: len(TEXTS)].tobytes()


@pytest.mark.parametrize(
    "text",
    [
        *TEXTS,
        "The 3rd U.S. AI-safety summit's co-chairs don't agree; e.g. GPT-4o costs $20.50/month",
        "第三次人工智能安全峰会(2025年2月)在巴黎举行,约60个国家签署声明",
        "ＦＵＬＬ　ｗｉｄｔｈ １２３ ①②③ ㎏ ﬁnal Straße İstanbul",
        "混排mixed文本text没有spaces和数字42km/h",
        "Ελληνικά русский عربى हिन्दी 한국어 にほんご",
        "𠮷野家 㐀 龘靐 々〇",
        "a" * 300 + " " + "的" * 300,
        "▁ already marked ▁▁word",
        "tab\tnewline\nzero\u200bwidth\u00adsoft",
    ],
)
def test_light_tokenizer_agrees_with_the_library(text: str) -> None:
    """The plain-Python tokenizer finds the same known tokens as the `tokenizers` library."""
    library = pytest.importorskip("tokenizers").Tokenizer.from_file(str(MODEL / TOKENIZER_FILE))
    expected = [number for number in library.encode(text, add_special_tokens=False).ids if number]
    assert UnigramTokenizer.from_folder(MODEL).encode(text) == expected


def test_packed_vocabulary_is_that_of_the_tokenizer(tmp_path: Path) -> None:
    """The packed files that ship are those that packing `tokenizer.json` gives."""
    (tmp_path / TOKENIZER_FILE).write_bytes((MODEL / TOKENIZER_FILE).read_bytes())
    pack_vocabulary(tmp_path)
    for name in (PIECES_FILE, SCORES_FILE):
        assert (tmp_path / name).read_bytes() == (MODEL / name).read_bytes()


def test_fingerprint_is_that_of_the_files(encoder: StaticEncoder) -> None:
    """The stored fingerprint matches the weights and the tokenizer that ship."""
    assert encoder.fingerprint == compute_fingerprint(MODEL)
    assert len(encoder.fingerprint) == 16


def test_fingerprint_follows_the_weights(tmp_path: Path) -> None:
    """One changed byte of the weights gives another fingerprint."""
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes((MODEL / name).read_bytes())
    before = compute_fingerprint(tmp_path)
    with (tmp_path / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        last = weights.read(1)
        weights.seek(-1, 2)
        weights.write(bytes([last[0] ^ 1]))
    assert compute_fingerprint(tmp_path) != before


def test_case_width_and_accents_do_not_matter(encoder: StaticEncoder) -> None:
    """The tokenizer folds what people write in more than one way."""
    plain, other = encoder.encode(["naive cafe ai 2023", "NAÏVE Café ＡＩ ２０２３"])
    np.testing.assert_allclose(plain, other, atol=1e-6)


def test_size_of_the_shipped_folder() -> None:
    """The model fits its share of the repository: 24 MiB."""
    assert sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file()) <= 24 * 2**20


def test_finds_the_same_sentence_in_the_other_language(encoder: StaticEncoder) -> None:
    """Each sentence is nearest to its own translation, both ways."""
    english = [
        "The government will set up an institute to test new models before they are released.",
        "Farmers worry that the dry summer has ruined the wheat harvest.",
        "The court ordered the company to pay compensation to its workers.",
        "Researchers shared their data with hospitals in twelve countries.",
        "Children under fourteen need the consent of their parents.",
        "The train to the coast leaves at nine every morning.",
    ]
    chinese = [
        "政府将成立一个研究所,在新模型发布之前对其进行测试。",
        "农民担心干旱的夏天毁掉了小麦的收成。",
        "法院判令该公司向工人支付赔偿金。",
        "研究人员与十二个国家的医院共享了数据。",
        "不满十四岁的儿童需要父母的同意。",
        "开往海边的火车每天早上九点出发。",
    ]
    likeness = encoder.encode(english) @ encoder.encode(chinese).T
    assert likeness.argmax(axis=1).tolist() == list(range(len(english)))
    assert likeness.argmax(axis=0).tolist() == list(range(len(chinese)))


def test_same_vectors_as_sentence_transformers(encoder: StaticEncoder) -> None:
    """`SentenceTransformer(folder)` reads the same files and gives the same vectors to 1e-5."""
    library = pytest.importorskip("sentence_transformers")
    vectors = library.SentenceTransformer(str(MODEL), device="cpu").encode(TEXTS, show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode(TEXTS), vectors, atol=1e-5)


def test_opens_without_torch() -> None:
    """The light loader brings in none of the heavy libraries."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom index.static_encoder import StaticEncoder\n"
        f"StaticEncoder.from_folder(Path({str(MODEL)!r})).encode(['summit'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=MODEL.parents[1])
