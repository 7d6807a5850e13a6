"""The base of every method: a frozen recipe whose typed fields are all there is to know. It knows no method.

A subclass is a dataclass; the `method` decorator gives it its id and name. From the fields follow the form, the command
line, the session file and the caption.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, TypeVar, dataclass_transform

from workbench.kernels.arrays import Image, Shape, as_image, channels_of, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import ParameterError
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.params import FieldSpec, fields_of
from workbench.kernels.pooling import PoolingRecord

Role = Literal["upsample", "forward"]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """What an operator needs to know of its input, besides the pixels.

    Parameters
    ----------
    shape : (int, int)
        Height and width of the input.
    pooling : PoolingRecord, optional
        Where a max-pooling took its values from: what makes max-unpooling linear.
    channels : int, optional
        How many channels it has, for methods in which they meet; None where that is not known.
    """

    shape: Shape
    pooling: PoolingRecord | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class MethodInfo:
    """What a method is called, and what it says of itself."""

    id: str
    name: str
    short: str
    family: str
    role: Role
    formula: str
    doc: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a form says at a field: whether it can be changed now, and why not."""

    text: str = ""
    enabled: bool = True
    visible: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """The result of a forward method used to make a source.

    ``operator`` is the linear map that made ``values`` (of a max-pooling: with its record held fixed).
    """

    values: Image
    operator: LinearOperator
    record: PoolingRecord | None = None


@dataclass(frozen=True)
class Method(ABC):
    """A complete recipe. Once the source is known it is one linear operator."""

    info: ClassVar[MethodInfo]

    def __post_init__(self) -> None:
        for field in fields_of(type(self)):
            object.__setattr__(self, field.name, field.coerce(getattr(self, field.name)))
        self.check()

    def check(self) -> None:
        """Relations between fields; raises `ParameterError`. Single fields are checked already."""

    @abstractmethod
    def operator(self, source: SourceSpec) -> LinearOperator:
        """The operator ``y = A x`` for an input of this kind.

        Raises
        ------
        ParameterError
            If the fields do not fit this input.
        """

    def summary(self) -> str:
        """The parameters that matter, in a few words: ``"×4 · half-pixel"``."""
        return ""

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        """What a form should say at fields that do not act at present."""
        return {}

    def prepare(self, x: Image, cancel: CancelToken | None = None) -> Prepared:
        """Apply the method to an image to make a source of it."""
        image = as_image(x)
        operator = self.operator(SourceSpec(shape_of(image), channels=channels_of(image)))
        return Prepared(operator.affine(image, cancel=cancel), operator)

    def to_dict(self) -> dict[str, Any]:
        """The method as JSON: its id, and every field."""
        data: dict[str, Any] = {"method": self.info.id}
        for field in fields_of(type(self)):
            data[field.name] = field.kind.to_data(getattr(self, field.name))
        return data

    def to_text(self) -> str:
        """The method as on the command line: its id, and the fields that differ from their defaults."""
        words = [
            f"{field.name}={field.kind.text(getattr(self, field.name))}"
            for field in fields_of(type(self))
            if getattr(self, field.name) != field.default
        ]
        return self.info.id + (":" + ",".join(words) if words else "")

    @classmethod
    def fields(cls) -> tuple[FieldSpec, ...]:
        return fields_of(cls)

    @classmethod
    def from_fields(cls, values: Mapping[str, Any]) -> Self:
        """A method of this class from raw field values; names it does not know are refused."""
        known = {field.name for field in fields_of(cls)}
        for name in values:
            if name not in known:
                has = ", ".join(sorted(known)) or "none"
                raise ParameterError(name, f"is no field of {cls.info.id}, which has: {has}")
        return cls(**values)


M = TypeVar("M", bound=type[Method])
_known: list[type[Method]] = []


def known_methods() -> tuple[type[Method], ...]:
    """Every method that was declared so far, in the order of its import; see `registry.all_methods`."""
    return tuple(_known)


@dataclass_transform(frozen_default=True)
def method(
    id: str, *, name: str, short: str = "", family: str, formula: str = "", role: Role = "upsample"
) -> Callable[[M], M]:
    """Make a class a method: a frozen dataclass that knows what it is called.

    Parameters
    ----------
    id : str
        As in files and on the command line.
    name, short : str
        As on screen; ``short`` (at most 10 characters) where there is little room.
    family : str
        The heading it stands under in menus.
    formula : str
        What it computes, in one line, for tooltips.
    role : {"upsample", "forward"}
        ``"forward"`` for what makes an image smaller: used to prepare sources.
    """

    def decorate(cls: M) -> M:
        made: M = dataclass(frozen=True)(cls)  # type: ignore[assignment]
        doc = (cls.__doc__ or "").strip().split("\n\n")[0]
        made.info = MethodInfo(id, name, short or name, family, role, formula, " ".join(doc.split()))
        _known.append(made)
        return made

    return decorate
