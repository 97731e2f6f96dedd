from etl.catalogue import load_catalogue
from etl.catalogue.glossary import glossary
from etl.settings import PROJECT_ROOT


def test_the_glossary_is_what_the_catalogue_says() -> None:
    kept = (PROJECT_ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert kept == glossary(load_catalogue()), "run `python -m etl.catalogue.glossary > docs/glossary.md`"
