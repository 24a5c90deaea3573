"""Patients, clinics and the audit trail in the admin, each user inside the own clinics."""

from datetime import date
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import get_token_model

from patients.audit import Actor, record
from patients.models import AuditEvent, Clinic, Membership, NameAlias, Patient, Treatment
from patients.querysets import search_words
from patients.services import patient_changed
from patients.verbs import deed


class QuietChangeList(ChangeList):
    """Takes the words that are searched for from the session: a name must not stand in an address."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> models.QuerySet[Any]:
        self.query = request.session.get(_search_key(self.model), "")
        return super().get_queryset(request, *args, **kwargs)


def _search_key(model: type[models.Model]) -> str:
    return f"search:{model._meta.label}"  # noqa: SLF001 - Django's public name for a model


class ClinicAdmin(admin.ModelAdmin):
    """The wall in the admin: lists, choices, autocomplete and direct addresses hold the user's own clinics only.

    `scope_to_view` and `scope_to_change` are Django permissions; None means that nobody may.
    """

    scope_to_view: ClassVar[str | None] = None
    scope_to_change: ClassVar[str | None] = None
    is_watched: ClassVar[bool] = False
    actions: Any = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)  # type: ignore[no-any-return]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QuietChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "POST" and SEARCH_VAR in request.POST:
            request.session[_search_key(self.model)] = " ".join(search_words(request.POST[SEARCH_VAR]))
            return redirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Looking at one row leaves a trace."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and self.is_watched:
            with transaction.atomic():
                self.note_viewed(row, Actor.of(request.user))
        return row

    def note_viewed(self, row: Any, actor: Actor) -> None:
        name = self.opts.model_name or ""
        record(f"{name}.viewed", name, row.uuid, clinic=row.clinic, actor=actor)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        rows = db_field.remote_field.model.objects.all()
        if hasattr(rows, "visible_to"):
            kwargs["queryset"] = rows.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request, self.scope_to_view) or _may(request, self.scope_to_change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may(request, self.scope_to_change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request, self.scope_to_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # nothing of a patient is deleted by hand


def _may(request: HttpRequest, permission: str | None) -> bool:
    user = request.user
    return permission is not None and bool(user.is_active and user.has_perm(permission))


class PatientForm(forms.ModelForm):
    """The clinic cannot be changed, so Django leaves the rule on chart numbers out: it is checked here."""

    class Meta:
        model = Patient
        fields = ["clinic", "last_name", "first_name", "birth_date", "chart_number"]

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and born > timezone.localdate():
            raise ValidationError(_("This birth date lies in the future."))
        return born

    def clean_chart_number(self) -> str:
        number = str(self.cleaned_data["chart_number"]).strip()
        clinic = self.cleaned_data.get("clinic") or getattr(self.instance, "clinic", None)
        others = Patient.objects.filter(clinic=clinic, chart_number=number).exclude(pk=self.instance.pk)
        if number and clinic and others.exists():
            raise ValidationError(_("Another patient of this clinic has this chart number."))
        return number


class AliasInline(admin.TabularInline):
    model = NameAlias
    extra = 0


class TreatmentInline(admin.TabularInline):
    model = Treatment
    extra = 0


@admin.register(Patient)
class PatientAdmin(ClinicAdmin):
    scope_to_view = "patients.view_patient"
    scope_to_change = "patients.change_patient"
    is_watched = True
    form = PatientForm
    list_display = ["last_name", "first_name", "birth_date", "chart_number", "clinic"]
    list_display_links = ["last_name", "first_name"]
    list_filter = [("clinic", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["last_name", "first_name", "chart_number"]
    search_help_text = _("Name in any order, or chart number")
    fields = ["clinic", "last_name", "first_name", "birth_date", "chart_number"]
    inlines = [AliasInline, TreatmentInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A patient never moves to another clinic."""
        return ["clinic"] if obj else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        patient_changed(form.instance, actor=Actor.of(request.user))


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicAdmin):
    """Read only for everyone."""

    scope_to_view = "patients.view_auditevent"
    list_display = ["at", "actor_label", "deed", "subject", "subject_uuid", "clinic"]
    list_filter = ["verb", "subject"]
    search_fields = ["subject_uuid", "actor_label"]
    date_hierarchy = "at"

    @admin.display(description=_("what"), ordering="verb")
    def deed(self, event: AuditEvent) -> str:
        return deed(event.verb)


class SuperusersOnly(admin.ModelAdmin):
    """Who works where is set up by superusers; it holds no patient's data."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister(User)


@admin.register(User)
class AuditedUserAdmin(UserAdmin):
    """Accounts: every change leaves a trace, a new password ends what was open, and nobody is deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the trail names its people: deactivate an account instead

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._note(request, "user.changed" if change else "user.created", form.instance)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            user = User.objects.get(pk=id)
            get_token_model().objects.filter(user=user).delete()
            self._note(request, "user.password_set", user)
        return answer

    def _note(self, request: HttpRequest, verb: str, user: User) -> None:
        record(verb, "user", None, clinic=None, actor=Actor.of(request.user), user=user.get_username())


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ["user"]


@admin.register(Clinic)
class ClinicsAdmin(SuperusersOnly):
    list_display = ["name", "created_at"]
    inlines = [MembershipInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Who sees what changed: that belongs in the trail."""
        super().save_related(request, form, formsets, change)
        members = list(User.objects.filter(memberships__clinic=form.instance).values_list("username", flat=True))
        record(
            "clinic.changed",
            "clinic",
            form.instance.uuid,
            clinic=form.instance,
            actor=Actor.of(request.user),
            members=members,
        )
