"""LimeSurvey's one-letter question types and their attributes, and what they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manyi.surveys.tree import Option, Text


@dataclass(frozen=True, slots=True)
class Kind:
    """What a letter becomes: our type, its configuration, and from where its parts come.

    ``options``: answers, subquestions or fixed ones; ``rows`` and ``columns``: subquestions of scale 0 or 1,
    ``fields``: subquestions of scale 0 as sub-questions of this type. ``lost`` says what is not the same.
    """

    type: str
    config: tuple[tuple[str, Any], ...] = ()
    options: str = ""
    fixed: tuple[Option, ...] = ()
    rows: bool = False
    fields: str = ""
    columns: str = ""
    comment: bool = False
    lost: str = ""


def _fixed(*words: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(code, Text(zh, en)) for code, zh, en in words)


_YES_UNSURE_NO = _fixed(("Y", "是", "Yes"), ("U", "不确定", "Uncertain"), ("N", "否", "No"))
_MORE_SAME_LESS = _fixed(("I", "增加", "Increase"), ("S", "不变", "Same"), ("D", "减少", "Decrease"))
_GENDER = _fixed(("F", "女", "Female"), ("M", "男", "Male"))

KINDS: dict[str, Kind] = {
    "1": Kind("table", rows=True, columns="scales"),
    "5": Kind("rating"),
    "A": Kind("matrix", rows=True),
    "B": Kind("matrix", (("high", 10),), rows=True),
    "C": Kind("matrix_single", fixed=_YES_UNSURE_NO, rows=True),
    "D": Kind("date"),
    "E": Kind("matrix_single", fixed=_MORE_SAME_LESS, rows=True),
    "F": Kind("matrix_single", options="answers", rows=True),
    "G": Kind("single", fixed=_GENDER),
    "H": Kind("matrix_single", options="answers", rows=True, lost="shown by column"),
    "I": Kind("hidden", lost="language switch"),
    "K": Kind("fields", fields="number"),
    "L": Kind("single", options="answers"),
    "!": Kind("dropdown", options="answers"),
    "M": Kind("multiple", options="subquestions"),
    "N": Kind("number", (("decimals", 9),)),
    "O": Kind("single", options="answers", comment=True),
    "P": Kind("multiple", options="subquestions", comment=True, lost="one comment for all choices"),
    "Q": Kind("fields", fields="text_short"),
    "R": Kind("ranking", (("at_least", 0),), options="answers"),
    "S": Kind("text_short"),
    "T": Kind("text_long"),
    "U": Kind("text_long"),
    "X": Kind("information"),
    "Y": Kind("yes_no"),
    ":": Kind("table", rows=True, columns="number"),
    ";": Kind("table", rows=True, columns="text_short"),
    "*": Kind("calculated"),
    "|": Kind("file"),
}

#: Attributes that we carry (see ``reading``); all others with a value of their own are named in the report.
CARRIED = frozenset(
    {
        "random_order",
        "answer_order",
        "subquestion_order",
        "min_answers",
        "max_answers",
        "exclude_all_others",
        "numbers_only",
        "num_value_int_only",
        "min_num_value_n",
        "max_num_value_n",
        "min_num_value",
        "max_num_value",
        "equals_num_value",
        "maximum_chars",
        "hidden",
        "array_filter",
        "array_filter_exclude",
        "em_validation_q",
        "em_validation_q_tip",
        "equation",
        "suffix",
        "date_min",
        "date_max",
        "max_filesize",
        "max_num_of_files",
        "other_replace_text",
        "multiflexible_min",
        "multiflexible_max",
        "multiflexible_checkbox",
        "slider_min",
        "slider_max",
        "allowed_filetypes",
        "dualscale_headerA",
        "dualscale_headerB",
        "assessment_value",
        "use_dropdown",
        "manyi",
        "manyi_survey",
    }
)
_DRESS = """
page_break public_statistics hide_tip scale_export time_limit_action time_limit_disable_next
time_limit_disable_prev display_columns save_as_default statistics_graphtype statistics_showgraph
array_filter_style location_city location_country location_mapservice location_nodefaultfromip
location_postal location_state location_mapheight location_mapwidth location_mapzoom slider_layout
slider_middlestart slider_showminmax display_rows crop_or_resize fix_height fix_width horizontal_scroll
keep_aspect input_boxes text_input_width reverse show_grand_total statistics_showmap add_platform_info
display_type text_input_columns dropdown_dates addlineicon autoaddnewline button_size dropdown_prefix
show_search show_tick width_entry only_pull samechoiceheight samelistheight show_handle show_number
showpopups visualize answer_width clear_default cssclass other_comment_mandatory other_numbers_only
other_position alphasort statistics_showmap exclude_all_others_auto commented_checkbox
commented_checkbox_auto choice_title rank_title max_subquestions category_separator slider_orientation
slider_handle slider_custom_handle slider_reset slider_reversed slider_rating label_input_columns
repeat_headings value_range_allows_missing printable_help show_title show_comment min_num_of_files
placeholder parent_order keep_codes_order in_relation_to
"""
#: Attributes that only dress the page or the statistics.
DRESS = frozenset(_DRESS.split())
