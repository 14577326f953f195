"""What the languages of a questionnaire are called in Chinese and English."""

from __future__ import annotations

from manyi.kernel.labels import Label

_NAMES = {
    "zh": Label("中文", "Chinese"),
    "en": Label("英文", "English"),
    "ar": Label("阿拉伯文", "Arabic"),
    "de": Label("德文", "German"),
    "es": Label("西班牙文", "Spanish"),
    "fr": Label("法文", "French"),
    "it": Label("意大利文", "Italian"),
    "ja": Label("日文", "Japanese"),
    "ko": Label("韩文", "Korean"),
    "pt": Label("葡萄牙文", "Portuguese"),
    "ru": Label("俄文", "Russian"),
    "th": Label("泰文", "Thai"),
    "vi": Label("越南文", "Vietnamese"),
    "zh-hant": Label("繁体中文", "traditional Chinese"),
}


def in_words(language: str) -> Label:
    """The name of a language by its code; a code that we have no name for stays itself."""
    return _NAMES.get(language.lower()) or Label(f"“{language}”", f"“{language}”")
