"""What kind of text a message is."""

import unicodedata

import hypothesis
import pytest
from hypothesis import strategies as st

from helpline.message import TOO_LONG, form, language, plain

FORMS = {"words", "empty", "emoji", "too_long", "spanish", "other_language"}

some = hypothesis.settings(max_examples=200, deadline=None)

any_text = st.text(st.characters())
signs = st.text(st.characters(categories=("So", "Sk", "Sm", "Sc", "Po", "Ps", "Pe", "Zs", "Cc")))


# Any text


@some
@hypothesis.given(any_text)
def test_any_text_has_a_form(text):
    assert form(text) in FORMS


@some
@hypothesis.given(st.lists(any_text, min_size=4).map(" ".join))
def test_any_sentence_has_a_form(text):
    assert form(text) in FORMS


@some
@hypothesis.given(any_text)
def test_any_text_has_a_language(text):
    code = language(text)
    assert code == "und" or len(code) == 2


@some
@hypothesis.given(any_text)
def test_the_form_of_a_text_is_always_the_same(text):
    assert form(text) == form(text)


@some
@hypothesis.given(any_text, st.sampled_from(["", " ", "\n", "\t "]))
@hypothesis.example("0 YÜííં\r麵", " ")
def test_space_around_a_text_changes_nothing(text, space):
    assert form(space + text + space) == form(text)


@some
@hypothesis.given(signs)
def test_a_text_without_a_letter_or_digit_is_empty_or_emoji(text):
    hypothesis.assume(not any(unicodedata.category(sign)[0] in "LN" for sign in text))
    assert form(text) == ("emoji" if text.strip() else "empty")


@some
@hypothesis.given(st.integers(TOO_LONG - 3, TOO_LONG + 3))
def test_a_text_is_too_long_from_one_character_over_the_limit(length):
    text = ("what is a transplant " * TOO_LONG)[: length - 1] + "?"
    assert form(text) == ("too_long" if length > TOO_LONG else "words")


@some
@hypothesis.given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1), max_size=2))
def test_two_words_are_too_few_to_tell_a_language_by(words):
    assert language(" ".join(words)) == "en"


def test_half_of_a_character_pair_is_no_reason_to_fail():
    # Browsers cut emoji in two; JSON lets the halves through.
    assert form("what is \ud83d gvhd please") == "words"
    assert form("\ud83d") == "emoji"


# Nothing, signs


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t", "\u00a0", "\u3000"])
def test_a_message_without_anything_in_it_is_empty(text):
    assert form(text) == "empty"


@pytest.mark.parametrize(
    "text", ["👍", "😢😢😢", "❤️", "👨‍👩‍👧", "🇬🇧", "???", "...", "!", ":-)", "—", "😀" * 3000]
)
def test_a_message_of_signs_alone_is_emoji(text):
    assert form(text) == "emoji"


@pytest.mark.parametrize("text", ["ok 👍", "2?", "38.4", "101F", "½", "👍 thanks", "GVHD???"])
def test_a_sign_beside_a_word_or_number_leaves_it_words(text):
    assert form(text) == "words"


# English, whatever is in it


@pytest.mark.parametrize(
    "text",
    [
        "what is GVHD?",
        "GVHD",
        "hi",
        "blinatumomab",
        "blinatumomab vs inotuzumab",
        "what does tisagenlecleucel cost",
        "is ponatinib better than dasatinib for Ph+ ALL",
        "methotrexate mercaptopurine vincristine prednisone maintenance",
        "fludarabine busulfan cyclophosphamide melphalan",
        "asparaginase erwinia pegaspargase allergy",
        "imatinib glivec side effects",
        "Gleevec side effects ALL",
        "rabbit ATG thymoglobulin",
        "ruxolitinib belumosudil ibrutinib chronic gvhd",
        "haplo cord mud mmud",
        "CAR-T ALL MRD B-ALL Ph+",
        "conditioning chemo purpose?",
        "transplant day, surgery?",
        "obe-cel aucatzyl nhs",
        "Dr Müller says my daughter needs the transplant in Zürich",
        "does José have to be the same blood type as me",
        "what is a mañana transplant",
    ],
)
def test_drug_names_and_abbreviations_do_not_make_english_foreign(text):
    assert form(text) == "words"


@pytest.mark.parametrize(
    "text",
    [
        "wen do thay let u owt of hosptal after tranplnt",
        "wht hapens aftr transplnt",
        "wen do hair gro bak",
        "transplnt donr maching hla typng",
        "can u go into more detail",
        "lol idk tbh",
        "my dad got fludarabine melphalan n now mucositis",
        "googlin all nite n confused af",
        "gonna unalive myself",
        "hr 140 bp 80 over 45 dizzy",
        "car t day 6, hands trembling, cant get words out",
        "no no no no",
        "HELP ME PLEASE NOW",
    ],
)
def test_typos_and_slang_do_not_make_english_foreign(text):
    assert form(text) == "words"


# Other languages


@pytest.mark.parametrize(
    "text",
    [
        "¿Qué es un trasplante de médula ósea?",
        "¿Cuánto tiempo dura el tratamiento?",
        "quiero hablar con una persona que hable español",
        "mi esposo tiene leucemia y necesita un trasplante",
        "quien puede ser donante de celulas madre",
        "me siento muy sola y no se que hacer",
        "mi mama esta enferma y no habla ingles",
        "a mi madre le van a dar quimio a partir de mañana",
        "no puedo respirar",
        "me quiero morir",
    ],
)
def test_spanish_is_told_with_and_without_accents(text):
    assert form(text) == "spanish"
    assert language(text) == "es"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "qu'est-ce qu'une greffe de moelle osseuse ?"),
        ("fr", "ma mère a une leucémie et elle a besoin d'une greffe"),
        ("de", "Meine Mutter hat Leukämie und braucht bald einen Spender"),
        ("de", "Wie lange dauert die Erholung nach der Behandlung?"),
        ("it", "cos'è un trapianto di cellule staminali?"),
        ("it", "mia madre ha la leucemia e ha bisogno di un donatore"),
        ("pt", "o que é um transplante de medula óssea?"),
        ("pt", "quando a minha mãe vai a casa"),
        ("pl", "czym jest przeszczep szpiku kostnego?"),
        ("ro", "mama mea are leucemie și are nevoie de un donator"),
        ("nl", "mijn moeder heeft leukemie en heeft een donor nodig"),
        ("tr", "annem lösemi hastası ve kemik iliği nakli olması gerekiyor"),
    ],
)
def test_other_languages_in_latin_letters_are_told(code, text):
    assert language(text) == code
    assert form(text) == "other_language"


@pytest.mark.parametrize(
    "text",
    [
        "什么是干细胞移植",
        "骨髄移植とは何ですか",
        "조혈모세포 이식이 무엇인가요",
        "что такое пересадка костного мозга",
        "що таке пересадка кісткового мозку",
        "ما هي زراعة نخاع العظم",
        "مرحبا",
        "स्टेम सेल ट्रांसप्लांट क्या है",
        "অস্থিমজ্জা প্রতিস্থাপন কী",
        "ਮੇਰੀ ਮਾਂ ਬਿਮਾਰ ਹੈ",
        "מהי השתלת מח עצם",
        "τι είναι η μεταμόσχευση",
    ],
)
def test_another_script_is_another_language_even_in_one_word(text):
    assert form(text) == "other_language"
    assert language(text) == "und"


def test_a_few_letters_of_another_script_leave_an_english_text_english():
    assert form("my β-thalassemia friend asked about the α/β T-cell depleted graft") == "words"
    assert form("what does 白血病 mean in english please") == "words"


def test_a_long_foreign_text_is_too_long_before_it_is_foreign():
    assert form("mi esposo tiene leucemia " * 100) == "too_long"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/restart", "restart"),
        (" //crisis", "crisis"),
        ("/ / greet", "greet"),
        ("and/or", "and/or"),
        ("either / or", "either / or"),
        ("", ""),
    ],
)
def test_a_command_is_text_like_any_other(text: str, told: str) -> None:
    assert plain(text) == told
