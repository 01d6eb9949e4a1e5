"""Keep people of decisions, what was observed of them, lines of influence, relations and changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import duobiao.stakeholders.models.link
import duobiao.stakeholders.models.observation
import duobiao.stakeholders.models.person
from duobiao.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0010_admissions"),
        ("identity", "__first__"),
        ("opportunities", "0015_merged_deals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="DealPerson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                default=duobiao.stakeholders.models.person.person_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("UNKNOWN", "not yet known"),
                                    ("FINAL_DECIDER", "final decider"),
                                    ("INFLUENCER", "key influencer"),
                                    ("GATEKEEPER", "gatekeeper"),
                                    ("USER", "user and implementer"),
                                ],
                                default="UNKNOWN",
                                max_length=16,
                                verbose_name="part in the decision",
                            ),
                        ),
                        (
                            "influence_type",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ECONOMIC", "economic buyer"),
                                    ("USER", "user buyer"),
                                    ("TECHNICAL", "technical buyer"),
                                    ("COACH", "coach"),
                                ],
                                max_length=10,
                                verbose_name="buying influence",
                            ),
                        ),
                        (
                            "relation_class",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("DECIDER", "decider"),
                                    ("INFLUENCER", "influencer"),
                                    ("USER_REP", "user representative"),
                                    ("BRIDGE", "bridge"),
                                ],
                                max_length=10,
                                verbose_name="relation class",
                            ),
                        ),
                        (
                            "coach_grade",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("INFORMANT", "informant: gives information"),
                                    ("INSIDER", "insider: information and advice"),
                                    ("COACH", "coach: acts for us"),
                                ],
                                max_length=10,
                                verbose_name="helper",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("TOP", "deciding level"),
                                    ("MIDDLE", "managing level"),
                                    ("BASE", "working level"),
                                    ("OUTSIDE", "outside the customer"),
                                ],
                                default="MIDDLE",
                                max_length=8,
                                verbose_name="level",
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("MANAGEMENT", "management"),
                                    ("USING", "using department"),
                                    ("TECHNICAL", "technical"),
                                    ("PROCUREMENT", "procurement"),
                                    ("FINANCE", "finance"),
                                    ("LEGAL", "legal"),
                                    ("OTHER", "other"),
                                ],
                                max_length=12,
                                verbose_name="function",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=60, verbose_name="department")),
                        ("duties", models.TextField(blank=True, max_length=1000, verbose_name="duties and rights")),
                        ("goals", models.TextField(blank=True, max_length=1000, verbose_name="own goals")),
                        (
                            "background",
                            models.TextField(blank=True, max_length=1000, verbose_name="professional background"),
                        ),
                        ("concerns", models.TextField(blank=True, max_length=1000, verbose_name="what they look at")),
                        ("ties", models.TextField(blank=True, max_length=1000, verbose_name="whom they are close to")),
                        ("care_plan", models.TextField(blank=True, max_length=1000, verbose_name="care plan")),
                        ("left_on", models.DateField(null=True, verbose_name="no longer there since")),
                        ("joined_on", models.DateField()),
                        ("added_at", models.DateTimeField()),
                        ("removed_at", models.DateTimeField(null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "also_at",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.customer",
                                verbose_name="also works for",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="chains",
                                to="customers.contact",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "keeper",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who speaks to them",
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="chain",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "removed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["opportunity", "removed_at"], name="stakeholders_person_of_deal")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=("opportunity", "contact"),
                                name="stakeholders_person_once_per_deal",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("left_on__isnull", True), ("removed_at__isnull", True), ("role", "FINAL_DECIDER")
                                ),
                                fields=("opportunity",),
                                name="stakeholders_person_one_decider",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="stakeholders_person_removed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("role__in", ["UNKNOWN", "FINAL_DECIDER", "INFLUENCER", "GATEKEEPER", "USER"])
                                ),
                                name="stakeholders_person_role_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChainFigures",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("people", models.PositiveSmallIntegerField(default=0)),
                        ("support_permille", models.SmallIntegerField(null=True)),
                        ("covered_percent", models.PositiveSmallIntegerField(null=True)),
                        ("top_permille", models.PositiveSmallIntegerField(null=True)),
                        ("gaps", models.JSONField(default=list)),
                        ("names", models.JSONField(default=dict)),
                        ("measured_on", models.DateField()),
                        (
                            "opportunity",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="chain_figures",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "top_person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="stakeholders.dealperson",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("support_permille__isnull", True),
                                    ("support_permille__range", (-1000, 1000)),
                                    _connector="OR",
                                ),
                                name="stakeholders_figures_support",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InfluenceAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "tier",
                            models.CharField(
                                choices=[
                                    ("TOP", "deciding level"),
                                    ("MIDDLE", "managing level"),
                                    ("BASE", "working level"),
                                    ("OUTSIDE", "outside the customer"),
                                ],
                                max_length=8,
                                verbose_name="tier",
                            ),
                        ),
                        ("aim", models.CharField(blank=True, max_length=200, verbose_name="what it is to achieve")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="actions",
                                to="stakeholders.dealperson",
                            ),
                        ),
                        (
                            "task",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="influence_action",
                                to="opportunities.dealtask",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("tier__in", ["TOP", "MIDDLE", "BASE"])),
                                name="stakeholders_action_tier",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InfluenceLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                default=duobiao.stakeholders.models.link.link_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "link_kind",
                            models.CharField(
                                choices=[("FORMAL", "reports to"), ("INFORMAL", "influences")],
                                max_length=8,
                                verbose_name="what",
                            ),
                        ),
                        (
                            "tie",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("TRUST", "trust"),
                                    ("MENTOR", "mentor"),
                                    ("SCHOOLMATE", "schoolmates"),
                                    ("FACTION", "same circle"),
                                    ("RIVAL", "speaks for a rival"),
                                    ("CONFLICT", "conflict"),
                                    ("OTHER", "other"),
                                ],
                                max_length=10,
                                verbose_name="rests on",
                            ),
                        ),
                        ("strength_tenths", models.PositiveSmallIntegerField(default=10)),
                        ("label", models.CharField(blank=True, max_length=40, verbose_name="in a few words")),
                        ("since", models.DateField()),
                        ("until", models.DateField(null=True)),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opportunity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="influence_links",
                                to="opportunities.opportunity",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_out",
                                to="stakeholders.dealperson",
                                verbose_name="from",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_in",
                                to="stakeholders.dealperson",
                                verbose_name="to",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["opportunity", "until"], name="stakeholders_link_of_deal")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("source", models.F("target")), _negated=True),
                                name="stakeholders_link_between_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("strength_tenths__range", (5, 20))),
                                name="stakeholders_link_strength",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("link_kind", "FORMAL"), ("strength_tenths", 10), ("tie", "")),
                                    models.Q(("link_kind", "INFORMAL"), models.Q(("tie", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="stakeholders_link_of_a_kind",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("until__isnull", True)),
                                fields=("source", "target", "link_kind"),
                                name="stakeholders_link_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Observation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                default=duobiao.stakeholders.models.observation.observation_ref,
                                max_length=16,
                                unique=True,
                            ),
                        ),
                        (
                            "topic",
                            models.CharField(
                                choices=[
                                    ("STANCE", "stance"),
                                    ("INFLUENCE", "influence"),
                                    ("ACCESS", "access"),
                                    ("MODE", "response mode"),
                                    ("DESIRE", "desire for change"),
                                    ("MOTIVATION", "own motive"),
                                    ("SWAY", "pressure of others"),
                                ],
                                max_length=12,
                                verbose_name="what",
                            ),
                        ),
                        ("value", models.SmallIntegerField()),
                        ("source", models.CharField(max_length=120, verbose_name="who said it, or where it was seen")),
                        ("quote", models.TextField(blank=True, max_length=2000, verbose_name="their words")),
                        ("confidence_percent", models.PositiveSmallIntegerField()),
                        ("observed_on", models.DateField(verbose_name="day")),
                        ("from_card", models.BooleanField(default=False)),
                        ("recorded_at", models.DateTimeField()),
                        ("retracted_at", models.DateTimeField(null=True)),
                        ("retract_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="observations",
                                to="stakeholders.dealperson",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "retracted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "told_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="told",
                                to="stakeholders.dealperson",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["person", "topic", "observed_on"], name="stakeholders_observation_of")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("topic", "STANCE"), ("value__range", (-2, 2))),
                                    models.Q(("topic", "INFLUENCE"), ("value__range", (1, 5))),
                                    models.Q(("topic", "ACCESS"), ("value__range", (0, 3))),
                                    models.Q(("topic", "MODE"), ("value__range", (1, 4))),
                                    models.Q(("topic__in", ["DESIRE", "MOTIVATION"]), ("value__range", (0, 10))),
                                    models.Q(("topic", "SWAY"), ("value__range", (-10, 10))),
                                    _connector="OR",
                                ),
                                name="stakeholders_observation_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("confidence_percent__range", (1, 100))),
                                name="stakeholders_observation_confidence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", ""), _negated=True),
                                name="stakeholders_observation_has_source",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("retracted_at__isnull", True), ("retracted_by__isnull", True)),
                                    models.Q(("retracted_at__isnull", False), ("retracted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="stakeholders_observation_retracted_by",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonnelChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                default=duobiao.stakeholders.models.person.change_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("LEFT", "left the company"),
                                    ("MOVED", "moved to another post"),
                                    ("ARRIVED", "new in the post"),
                                ],
                                max_length=8,
                                verbose_name="what happened",
                            ),
                        ),
                        ("happened_on", models.DateField(verbose_name="day")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="how we know")),
                        ("backup", models.CharField(blank=True, max_length=500, verbose_name="back-up plan")),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="stakeholders.dealperson",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "successor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="stakeholders.dealperson",
                                verbose_name="successor",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["person", "happened_on"], name="stakeholders_change_of_person")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("successor__isnull", True),
                                    models.Q(("successor", models.F("person")), _negated=True),
                                    _connector="OR",
                                ),
                                name="stakeholders_change_succeeded_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("what__in", ["LEFT", "MOVED", "ARRIVED"])),
                                name="stakeholders_change_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RelationRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ref",
                            models.CharField(
                                default=duobiao.stakeholders.models.observation.relation_ref, max_length=16, unique=True
                            ),
                        ),
                        (
                            "cell",
                            models.CharField(
                                choices=[
                                    ("COMPANY_NEED_PRODUCT", "company need · product"),
                                    ("COMPANY_NEED_COMPANY", "company need · company"),
                                    ("PERSONAL_NEED_PRODUCT", "personal need · product"),
                                    ("PERSONAL_NEED_COMPANY", "personal need · company"),
                                    ("PERSONAL_TIE_PRODUCT", "personal tie · product"),
                                    ("PERSONAL_TIE_COMPANY", "personal tie · company"),
                                ],
                                max_length=24,
                                verbose_name="cell",
                            ),
                        ),
                        (
                            "state",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "not reached, or lost again"), (1, "touched"), (2, "accepted")],
                                verbose_name="how far",
                            ),
                        ),
                        ("words", models.TextField(max_length=1000, verbose_name="what shows it")),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("PHONE", "telephone"),
                                    ("MEETING", "meeting"),
                                    ("EMAIL", "e-mail"),
                                    ("WECHAT", "chat"),
                                    ("LETTER", "letter"),
                                    ("PLATFORM", "procurement platform"),
                                    ("PUBLIC", "public notice"),
                                    ("OTHER", "other"),
                                ],
                                max_length=10,
                                verbose_name="channel",
                            ),
                        ),
                        ("happened_on", models.DateField(verbose_name="day")),
                        ("recorded_at", models.DateTimeField()),
                        ("retracted_at", models.DateTimeField(null=True)),
                        ("retract_reason", models.CharField(blank=True, max_length=500)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="relations",
                                to="stakeholders.dealperson",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "retracted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["person", "cell", "happened_on"], name="stakeholders_relation_of")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="stakeholders_relation_is_shown"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", [0, 1, 2])), name="stakeholders_relation_state_known"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "cell__in",
                                        [
                                            "COMPANY_NEED_PRODUCT",
                                            "COMPANY_NEED_COMPANY",
                                            "PERSONAL_NEED_PRODUCT",
                                            "PERSONAL_NEED_COMPANY",
                                            "PERSONAL_TIE_PRODUCT",
                                            "PERSONAL_TIE_COMPANY",
                                        ],
                                    )
                                ),
                                name="stakeholders_relation_cell_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("retracted_at__isnull", True), ("retracted_by__isnull", True)),
                                    models.Q(("retracted_at__isnull", False), ("retracted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="stakeholders_relation_retracted_by",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
