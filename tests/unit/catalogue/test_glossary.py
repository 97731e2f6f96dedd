from etl.catalogue import load_catalogue
from etl.catalogue.glossary import render_glossary
from etl.settings import PROJECT_ROOT


def test_the_glossary_page_is_up_to_date() -> None:
    page = (PROJECT_ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert page == render_glossary(load_catalogue()), "run `python -m etl.catalogue.glossary > docs/glossary.md`"
