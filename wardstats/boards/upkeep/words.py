"""What the sections, fields and choices of the upkeep page are called."""

from __future__ import annotations

from collections.abc import Mapping

from wardstats.boards.reliability.method_choices import aggregation_names
from wardstats.core.languages import Translator
from wardstats.core.vocabulary import EMPTY_CHOICES
from wardstats.view.club_words import field_names, kind_names, pace_names, stage_names, status_names
from wardstats.view.criteria_words import empty_text, frequency_names, relative_rule_names, unit_names


def section_names(speak: Translator) -> dict[str, str]:
    """Return what each section is called."""
    return {
        "years": speak("Years: head, deputy, decision, deadlines"),
        "units": speak("Units"),
        "indicators": speak("Indicators"),
        "themes": speak("Themes and weights"),
        "targets": speak("Targets of the contract"),
        "activities": speak("Programme"),
        "documents": speak("Documents"),
        "models": speak("Models"),
        "checklists": speak("Checklists of the models"),
        "adoptions": speak("Models adopted by wards"),
        "topics": speak("Topics of consultation"),
        "benchmarks": speak("Figures to compare with"),
        "sources": speak("Sources"),
    }


def column_names(speak: Translator) -> Mapping[str, str]:
    """Return what each column is called; where a file calls one otherwise, by file and column."""
    return {
        "accessed": speak("Read on"),
        "activity_id": speak("Code"),
        "aggregation": speak("How points are added up"),
        "answers_by": speak("Answers by"),
        "area_km2": speak("Area, km²"),
        "area_name": speak("Area"),
        "awards": speak("Titles"),
        "at_least": speak("At least"),
        "at_most": speak("At most"),
        "cluster": speak("Group"),
        "colour": speak("Colour"),
        "deadline": speak("Last day for the year's figures"),
        "decided_on": speak("Decided on"),
        "decimals": speak("Decimals"),
        "criteria": speak("File of the criteria"),
        "decision": speak("Decision"),
        "definition": speak("Definition"),
        "deputy_unit": speak("Deputy"),
        "direction": speak("Direction: 1 higher is better, -1 lower"),
        "document_id": speak("Code"),
        "ends": speak("Ends"),
        "evidence": speak("Evidence"),
        "field": speak("Field"),
        "frequency": speak("Measured"),
        "from_place": speak("From place"),
        "full_at": speak("Value worth all points"),
        "hand_in_days": speak("Days from the end of a period until its figures are due"),
        "head_since": speak("Head since"),
        "head_unit": speak("Head"),
        "if_empty": speak("Where nothing arose"),
        "indicator_code": speak("Indicator"),
        "indicators.csv:indicator_code": speak("Code"),
        "is_definition_sample": speak("The definition is a sample"),
        "is_member": speak("Member of the block"),
        "is_sample": speak("Sample"),
        "issued_on": speak("Issued on"),
        "issuer": speak("Issued by"),
        "item": speak("No."),
        "kind": speak("Kind"),
        "lat": speak("Latitude"),
        "licence": speak("Licence"),
        "link": speak("Link"),
        "lon": speak("Longitude"),
        "max_points": speak("Points"),
        "member_from": speak("Member from"),
        "member_to": speak("Member until"),
        "min_coverage": speak("Share of the figures that must be there, 0 to 1"),
        "missing": speak("A missing figure, before the deadline"),
        "missing_after_deadline": speak("A missing figure, after the deadline"),
        "model_code": speak("Model"),
        "models.csv:model_code": speak("Code"),
        "name": speak("Name"),
        "note": speak("Note"),
        "number": speak("Number of the document"),
        "opened_on": speak("Opened on"),
        "outcome": speak("Outcome"),
        "owner": speak("Answers for it"),
        "owner_unit": speak("Unit in charge"),
        "pace": speak("How the year leads to it"),
        "parent_code": speak("Part of the theme"),
        "period": speak("Period"),
        "place": speak("Where"),
        "places": speak("Down to place"),
        "population": speak("Population"),
        "position": speak("Place in the order"),
        "producer": speak("Producer"),
        "published": speak("Published on"),
        "question": speak("Question"),
        "rule": speak("Rule"),
        "signed_by": speak("Signed by"),
        "signed_on": speak("Signed on"),
        "since": speak("Since when"),
        "source_id": speak("Source"),
        "stage": speak("Stage"),
        "starts": speak("Starts"),
        "status": speak("Status"),
        "target": speak("Target"),
        "text": speak("What is asked"),
        "theme_code": speak("Theme"),
        "themes.csv:theme_code": speak("Code"),
        "title": speak("Title"),
        "topic_id": speak("Code"),
        "total_points": speak("Points in all"),
        "unit": speak("Unit of measure"),
        "unit_code": speak("Unit"),
        "units.csv:unit_code": speak("Code"),
        "url": speak("Link"),
        "value": speak("Value"),
        "weight": speak("Weight"),
        "year": speak("Year"),
        "zero_at": speak("Value worth no points"),
    }


def choice_names(speak: Translator) -> dict[str, dict[str, str]]:
    """Return the words for what may be chosen, by column; a document's kinds are those of ``kind``."""
    rules = {
        "linear": speak("in proportion between two values"),
        "target": speak("in proportion up to the signed target"),
        "as_scored": speak("the value is the points"),
        "yes_no": speak("all points where it is so"),
        "log": speak("in proportion on a logarithmic scale"),
    }
    missing = {"zero": speak("counts zero"), "renormalise": speak("is left out")}
    return {
        "aggregation": aggregation_names(speak) | {"sum": speak("Sum")},
        "field": field_names(speak),
        "frequency": frequency_names(speak),
        "if_empty": {choice: empty_text(choice, speak) for choice in EMPTY_CHOICES},
        "missing": missing,
        "missing_after_deadline": missing,
        "pace": pace_names(speak),
        "rule": rules | relative_rule_names(speak),
        "stage": stage_names(speak),
        "status": status_names(speak),
        "unit": unit_names(speak),
    } | {"documents.csv:kind": kind_names(speak)}
