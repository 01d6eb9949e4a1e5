"""Traditional Chinese of texts kept in data: made from simplified, with the same corrections as the catalogues."""

import pytest

from duobiao.web.texts import in_language

CASES = {
    "投标文件": "投標文件",
    "决策者支持我方": "決策者支持我方",
    "由客户签认": "由客戶簽認",
    "合同会签": "合同會簽",
    "关系类型": "關係類型",
    "统一社会信用代码": "統一社會信用代碼",
    "最多只接触了一个人": "最多只接觸了一個人",
    "去掉标签": "去掉標籤",
}


@pytest.mark.parametrize("words", CASES)
def test_a_text_is_shown_in_traditional_characters_with_the_words_of_the_trade(words):
    text = {"zh-Hans": words, "en": "x"}

    assert in_language(text, "zh-hant") == CASES[words]
    assert (in_language(text, "zh-hans"), in_language(text, "en")) == (words, "x")
