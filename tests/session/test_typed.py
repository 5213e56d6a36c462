"""Fields in which numbers are typed, through the pages: what they show and say, and what gets into the ledger."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.intake_files import OTHER, PERIOD, SECRETARIAT, UNIT
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT
from wardstats.intake.workspace import Workspace
from wardstats.session import signin

SCORE, RATIO, AREA = "qd766_online", "dossiers_on_time", "green_space_m2_per_person"
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def signed_in(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    del desk
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    monkeypatch.setattr(signin, "visitor", lambda: SECRETARIAT)
    monkeypatch.setattr("wardstats.session.practices.is_configured", lambda: True)
    monkeypatch.setattr("wardstats.session.practices.visitor", lambda: SECRETARIAT)


def visit(page: str, language: str, part: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    for name, value in (query | {"lang": language}).items():
        app.query_params[name] = value
    if part:
        app.session_state["check_part"] = translator(language)(part)
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> str:
    """Return what the page says in words, without the marks that keep Markdown from reading it."""
    lines = [line.value for kind in ("caption", "error", "success", "warning") for line in app.get(kind)]
    return re.sub(r"\\(.)", r"\1", "\n".join(map(str, lines))).replace("\u00a0", " ")


def correcting(language: str, code: str) -> AppTest:
    app = visit("check", language, "Correct")
    app.selectbox(key="correct_unit").set_value(UNIT)
    app.selectbox(key="correct_period").set_value(PERIOD).run()
    app.selectbox(key="correct_code").set_value(code).run()
    app.text_area(key="correct_reason").set_value(f"slip in {language}").run()
    return app


@each_language
def test_a_correction_with_a_comma_is_what_was_meant(published: Workspace, language: str) -> None:
    app = correcting(language, SCORE)
    field = f"correct_{UNIT}_{PERIOD}_{SCORE}_value"
    assert re.fullmatch(r"\d+,\d{2}" if language == "vi" else r"\d+\.\d{2}", app.text_input(key=field).value)
    number = {"vi": 9.75, "en": 9.5, "hi": 9.25}[language]
    app.text_input(key=field).set_value(str(number).replace(".", ",")).run()
    points = translator(language).measure(number, "points", 2)
    assert points in shown(app)
    app.button(key="correct").click().run()
    change = published.ledger.entries()[-1].changes[0]
    assert change.after is not None and change.after.value == number
    assert points in shown(app)


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@each_language
@pytest.mark.parametrize(("typed", "told"), [("975", "12"), ("15,5", "12"), ("9 75", "'9 75'"), ("abc", "'abc'")])
def test_a_correction_outside_the_limits_is_refused_beside_its_field(
    published: Workspace, language: str, typed: str, told: str
) -> None:
    app, before = correcting(language, SCORE), published.ledger.head
    app.text_input(key=f"correct_{UNIT}_{PERIOD}_{SCORE}_value").set_value(typed).run()
    assert len(app.error) == 1 and told in shown(app)
    app.button(key="correct").click().run()
    assert published.ledger.head == before
    assert len(app.error) == 2  # what the button had to say, and the field


@pytest.mark.parametrize(("typed", "notices"), [("975", 1), ("9,75", 0)])
def test_a_correction_far_beyond_its_scale_wants_a_second_look(typed: str, notices: int) -> None:
    app = correcting("vi", AREA)
    app.text_input(key=f"correct_{UNIT}_{PERIOD}_{AREA}_value").set_value(typed).run()
    assert len(app.error) == 0
    assert sum("0 – 6" in str(warning.value) for warning in app.warning) == notices


def test_two_counts_say_their_share_and_must_fit(published: Workspace) -> None:
    app, before = correcting("vi", RATIO), published.ledger.head
    field = f"correct_{UNIT}_{PERIOD}_{RATIO}"
    app.text_input(key=f"{field}_numerator").set_value("1.234")
    app.text_input(key=f"{field}_denominator").set_value("1 500").run()
    assert "82,27%" in shown(app) and "1.234" in shown(app)
    app.text_input(key=f"{field}_numerator").set_value("1501").run()
    assert [error.value for error in app.error] != [] and "1501 / 1500" in shown(app)
    app.button(key="correct").click().run()
    assert published.ledger.head == before
    app.text_input(key=f"{field}_numerator").set_value("1.234").run()
    app.button(key="correct").click().run()
    after = published.ledger.entries()[-1].changes[0].after
    assert after is not None and (after.numerator, after.denominator) == (1234, 1500)


@each_language
def test_a_penalty_with_a_comma_and_the_limit_of_all_points(published: Workspace, language: str) -> None:
    app = visit("check", language, "Bonus and penalty")
    app.selectbox(key="adjust_unit").set_value(OTHER).run()
    app.text_area(key="adjust_reason").set_value("late")
    before = published.ledger.head
    for typed, told in (("100,5", "-100"), ("0", "0"), ("", "0")):
        app.text_input(key="adjust_points").set_value(typed).run()
        app.button(key="adjust").click().run()
        assert published.ledger.head == before
        assert told in shown(app)
    app.text_input(key="adjust_points").set_value("−0,5").run()
    assert translator(language).measure(-0.5, "points", 2) in shown(app)
    app.button(key="adjust").click().run()
    entry = published.ledger.entries()[-1]
    assert (entry.action, entry.unit_code, entry.details["points"]) == ("adjust", OTHER, -0.5)
    assert app.text_input(key="adjust_points").value == ""


@each_language
def test_another_figure_is_tried_with_a_comma_and_not_outside_its_limits(language: str) -> None:
    app = visit("ward", language, unit=UNIT, period=PERIOD, whatif=f"{SCORE}:9.75")
    (field,) = [field for field in app.text_input if str(field.key).startswith(f"try_{UNIT}")]
    assert field.value == ("9,75" if language == "vi" else "9.75")
    title = translator(language)("Hypothetical ranking, not the official one")
    assert any(title in text.value for text in app.markdown)
    field.set_value("8,5").run()
    assert app.query_params["whatif"] in (f"{SCORE}:8.5", [f"{SCORE}:8.5"])
    field.set_value("975").run()
    assert "12" in shown(app) and len(app.error) == 1
    assert not any(title in text.value for text in app.markdown)
    app = visit("ward", language, unit=UNIT, period=PERIOD, whatif=f"{SCORE}:975")
    assert len(app.error) == 1


@pytest.mark.parametrize(
    ("typed", "value", "errors"),
    [("9,75", "9,75", 0), ("9.25", "9,25", 0), ("1,234", "1,234", 1), ("", "", 0), ("abc", "abc", 1)],
)
def test_a_comma_in_a_link_is_part_of_its_number(typed: str, value: str, errors: int) -> None:
    """A link that somebody wrote by hand: 9 was read where it said 9,75."""
    app = visit("ward", "vi", unit=UNIT, period=PERIOD, whatif=f"{AREA}:{typed},{SCORE}:8.5")
    fields = {str(field.key).split("_vi")[0]: field.value for field in app.text_input if "try_" in str(field.key)}
    assert fields == {f"try_{UNIT}_{PERIOD}_{AREA}": value, f"try_{UNIT}_{PERIOD}_{SCORE}": "8,50"}
    assert len(app.error) == errors


def test_no_page_has_a_number_field() -> None:
    """A browser with an English interface swallows the comma of one; wardstats.intake.numbers reads text fields."""
    files = [*(PROJECT / "wardstats").rglob("*.py"), *(PROJECT / "pages").glob("*.py"), PROJECT / "dashboard.py"]
    assert not [path.name for path in files if "number_input" in path.read_text(encoding="utf-8")]
    pages = [*(PROJECT / "wardstats").rglob("*.html"), *(PROJECT / "static").glob("*.html")]
    assert not [path.name for path in pages if re.search(r"type=.?number", path.read_text(encoding="utf-8"))]


def test_the_cost_of_a_practice_is_whole_dong(published: Workspace) -> None:
    app, before = visit("club", "vi"), published.ledger.head
    (field,) = [field for field in app.text_input if "cost_vnd" in str(field.key)]
    field.set_value("1.500.000").run()
    assert "1.500.000" in shown(app)
    field.set_value("1,5").run()
    assert len(app.error) == 1
    app.button(key="practice_send").click().run()
    assert published.ledger.head == before and len(app.error) == 2
