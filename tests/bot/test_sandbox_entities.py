"""Telegram's HTML read into entities, checked against what python-telegram-bot makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity

from bot.sandbox.entities import found_entities, parse_html, stripped, to_html, utf16_length, with_found


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("甲 <b>乙</b>", "甲 乙", [("bold", 2, 1)]),
        ("😀<i>乙</i>", "😀乙", [("italic", 2, 1)]),
        ("<b>粗<i>斜</i></b>", "粗斜", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<STRONG>甲</STRONG>", "甲", [("bold", 0, 1)]),
        ("<u>甲</u><s>乙</s><tg-spoiler>丙</tg-spoiler>", "甲乙丙",
         [("underline", 0, 1), ("strikethrough", 1, 1), ("spoiler", 2, 1)]),
        ("<span class='tg-spoiler'>甲</span>", "甲", [("spoiler", 0, 1)]),
        ("<blockquote expandable>甲</blockquote>", "甲", [("expandable_blockquote", 0, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;甲&quot; &#20057;&#x4e19; &copy;", '<b> &amp; "甲" 乙丙 &copy;', []),
        ("<b></b>空", "空", []),
        ("<b>甲</>", "甲", [("bold", 0, 1)]),
        ('<a href="nowhere">甲</a>', "甲", []),
    ],
)  # fmt: skip
def test_html_becomes_text_and_entities(source, text, entities):
    read, found = parse_html(source)
    assert read == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_links_code_and_people_keep_what_belongs_to_them():
    source = (
        '<a href="https://example.org/?a=1&amp;b=2">甲</a><a href="tg://user?id=7">乙</a>'
        '<pre><code class="language-python">x</code></pre><tg-time unix="1700000000">丙</tg-time>'
    )
    link, person, code, time = parse_html(source)[1]
    assert link["url"] == "https://example.org/?a=1&b=2"
    assert person == {"type": "text_mention", "user_id": 7, "offset": 1, "length": 1}
    assert (code["type"], code["language"]) == ("pre", "python")
    assert (time["type"], time["unix_time"]) == ("date_time", 1700000000)


def test_telegram_strips_the_ends_and_moves_the_entities():
    assert stripped(*parse_html(" \n<b> 甲 </b> ")) == ("甲", [{"type": "bold", "offset": 0, "length": 1}])


def test_what_telegram_finds_does_not_reach_into_code_or_links():
    text, entities = parse_html('<code>/log @someone</code> /find <a href="https://e.org">/mine</a>')
    found = [(e["type"], e["offset"]) for e in with_found(text, entities)]
    assert found == [("code", 0), ("bot_command", 14), ("text_link", 20)]


words = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=8
)


@st.composite
def marked(draw: st.DrawFn, depth: int = 3) -> str:
    """Well-formed Telegram HTML."""
    pieces = []
    for _ in range(draw(st.integers(0, 3))):
        plain = draw(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        tag = draw(st.sampled_from(["", "b", "i", "u", "s", "tg-spoiler", "blockquote", "code"]))
        inside = draw(marked(depth - 1)) if tag not in ("", "code", "blockquote") and depth else ""
        pieces.append(f"<{tag}>{plain}{inside}</{tag}>" if tag else plain)
    return "".join(pieces)


@given(marked())
def test_reading_and_writing_html_are_inverse(source):
    text, entities = parse_html(source)
    again, entities_again = parse_html(to_html(text, entities))
    assert again == text
    key = [(e["offset"], e["length"], e["type"]) for e in entities]
    assert sorted(key) == sorted((e["offset"], e["length"], e["type"]) for e in entities_again)


@given(marked())
def test_python_telegram_bot_sees_the_same_words_in_each_entity(source):
    text, entities = parse_html(source)
    marks = [MessageEntity(e["type"], e["offset"], e["length"]) for e in entities]
    message = Message(1, None, Chat(1, "private"), text=text, entities=marks)
    units = text.encode("utf-16-le")
    for entity, words_seen in message.parse_entities().items():
        begin, end = entity.offset * 2, (entity.offset + entity.length) * 2
        assert units[begin:end].decode("utf-16-le") == words_seen


@given(words)
def test_lengths_are_utf16_units_and_found_entities_lie_inside(text):
    assert utf16_length(text) == len(text) + sum(ord(letter) > 0xFFFF for letter in text)
    for entity in found_entities(text):
        assert entity["offset"] >= 0 and entity["offset"] + entity["length"] <= utf16_length(text)
