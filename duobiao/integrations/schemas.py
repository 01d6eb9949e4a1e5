"""The shape of a mapping: which file becomes what, which column becomes which field."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from duobiao.integrations.domain.decoding import ENCODINGS
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.domain.values import SCALES, TEXT_TRANSFORMS

Short = Annotated[str, Field(min_length=1, max_length=200)]
Encoding = Literal["auto", "utf-8", "gb18030", "utf-16", "big5", "latin-1"]
Transform = Literal["upper", "lower", "title", "squeeze", "digits", "width", "thousands", "wan", "millions", "yi"]
KNOWN_TRANSFORMS = (*TEXT_TRANSFORMS, *SCALES)
KNOWN_ENCODINGS = ENCODINGS


class Strict(BaseModel):
    """A part of a mapping: names that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _long_form(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class ColumnRule(Strict):
    """Where the value of one field comes from; ``name: account`` is short for ``name: {column: account}``."""

    column: Short | None = Field(None, description="Heading of the column.")
    template: Short | None = Field(None, description="Text made of several columns: `{product} · {opportunity_id}`.")
    value: str | int | float | bool | None = Field(None, description="The same value in every row.")
    map: dict[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="Value in the file → value here; null leaves the field empty."
    )
    other: Literal["keep", "refuse", "empty"] = Field("keep", description="What becomes of values not in `map`.")
    default: str | int | float | bool | None = Field(None, description="Where the cell is empty.")
    required: bool = Field(False, description="Refuse rows where the field is empty.")
    trim: bool = Field(True, description="Drop blanks at both ends.")
    transform: Annotated[list[Transform], BeforeValidator(_as_list)] = Field(
        default_factory=list, description="Changes to the text, or the unit of the figures, in this order."
    )
    format: str = Field("", max_length=40, description="How days are written, as `%d/%m/%Y`, or `excel`.")
    decimal: Literal[".", ","] = Field(".", description="Sign between whole and fraction.")
    by: Literal["external_id", "name", "code", "username", "email", "ref"] = Field(
        "external_id", description="How a reference names its record."
    )
    placeholder: str = Field(
        "", max_length=120, description="Name of the placeholder customer for rows that name none."
    )

    @model_validator(mode="after")
    def one_source(self) -> Self:
        """Refuse rules that name no source, or several."""
        given = [self.column is not None, self.template is not None, self.value is not None]
        if sum(given) > 1:
            raise ValueError("give one of column, template and value")
        if not any(given) and self.default is None:
            raise ValueError("give a column, a template, a value or a default")
        return self


class Filter(Strict):
    """Which rows are taken; all filters of a file must agree."""

    column: Short
    in_: list[str] | None = Field(None, alias="in", description="Only rows with one of these values.")
    not_in: list[str] | None = Field(None, description="Only rows with none of these values.")
    empty: bool | None = Field(None, description="Only rows where the cell is empty (true) or filled (false).")

    def takes(self, text: str) -> bool:
        """Say whether a row with this cell is taken."""
        if self.in_ is not None and text not in self.in_:
            return False
        if self.not_in is not None and text in self.not_in:
            return False
        return self.empty is None or self.empty == (text == "")


class FileRule(Strict):
    """One file and what its rows become."""

    file: Short = Field(description="Name of the file, with `*` and `?` as wildcards.")
    target: Target
    external_id: Short = Field(description="Column, or template in braces, that names a row for ever.")
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_long_form)]] = Field(min_length=1)
    encoding: Encoding = "auto"
    delimiter: Literal["auto", ",", ";", "\t", "|"] = "auto"
    sheet: str = Field("", max_length=60, description="Sheet of a workbook; the first where none is named.")
    header_row: int = Field(1, ge=1, le=50, description="Line that holds the headings.")
    distinct: bool = Field(False, description="Rows with the same id are one record: for offices named on every row.")
    only_if: list[Filter] = Field(default_factory=list)
    assert_stage: bool = Field(False, description="Turn the claimed stage of deals into ASSERTED proofs.")
    optional: bool = Field(False, description="Go on where the file is missing.")


class Defaults(Strict):
    """What holds where the files say nothing."""

    owner: str = Field("", max_length=60, description="Sign-in name of the owner of customers and deals.")
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    playbook: str = Field("", max_length=60)


def _no_defaults() -> Defaults:
    return Defaults(owner="", currency="", playbook="")


class Mapping(Strict):
    """A whole mapping."""

    version: Literal[1] = 1
    source: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$", description="Names the system the ids come from.")
    title: str = Field("", max_length=120)
    description: str = Field("", max_length=1000)
    defaults: Defaults = Field(default_factory=_no_defaults)
    files: list[FileRule] = Field(min_length=1, max_length=50)
