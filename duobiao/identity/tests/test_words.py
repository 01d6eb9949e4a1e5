"""What people read when an account form is filled in wrongly: plain Chinese, nothing left in English."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from duobiao.identity.forms import AccountForm

pytestmark = pytest.mark.django_db


def test_a_short_password_is_refused_in_the_language_of_the_page():
    for language, words in (("zh-hans", "至少 12 个字符"), ("en", "Use at least 12 characters.")):
        with translation.override(language), pytest.raises(ValidationError) as refused:
            validate_password("kx9-lotus")
        assert refused.value.messages == [words]


def test_fields_say_in_our_words_what_is_wrong():
    with translation.override("zh-hans"):
        errors = AccountForm({"name": "长" * 10_000, "email": "x@", "role": "emperor"}).errors

    assert errors["name"] == ["最多 80 个字，现在有 10000 个"]
    assert errors["username"] == ["请填写"]
    assert errors["email"] == ["邮箱地址不对，写成 name@example.com 这样"]
    assert errors["role"] == ["「emperor」不在可选项里，请重新选择"]
