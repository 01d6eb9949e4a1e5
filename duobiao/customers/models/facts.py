"""Where facts about a customer come from: the source of each field, and answers that stand by themselves."""

from typing import ClassVar

from django.db import models

from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref


def answer_ref() -> str:
    """Make the reference of an answer."""
    return new_ref("CF")


class FactSource(models.Model):
    """Where the present value of one field of the customer form comes from.

    Attributes:
        channel: Key of one of the seven channels, "" for another source.
        source: Which report, page or person, in words; "" where nobody said.
        known_on: Day of the source: when the fact was so.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="fact_sources")
    field = models.CharField(max_length=40)
    channel = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=200, blank=True)
    known_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "field"], name="customers_fact_source_once_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.customer_id}: {self.source}"


class ChannelAnswer(models.Model):
    """An answer to a guiding question that no field of the form holds; a later one replaces it, none is written over."""

    kind = "channel_answer"

    ref = models.CharField(max_length=16, unique=True, default=answer_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="channel_answers")
    channel = models.CharField(max_length=40)
    question = models.CharField(max_length=40)
    answer = models.TextField(max_length=2000)
    source = models.CharField(max_length=200, blank=True)
    known_on = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(answer=""), name="customers_channel_answer_has_words"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "channel", "question"], name="customers_channel_answer_of"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}/{self.question} of {self.customer_id}"
