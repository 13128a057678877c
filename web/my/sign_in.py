"""The ways in: sign in and out, a forgotten password, an invitation; and one's own account."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField, ValidationError

from tempuse.access import SYSTEM
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.vocabulary import Permission
from web import database, words
from web.accounts import auth, guard, guesses, known, links
from web.letters import delivery
from web.my.blueprint import my
from web.site import unsent
from web.site.forms import AtMost, Choice, Form, Needed
from web.site.limits import LETTER_LIMIT, LINK_LIMIT, limiter, may_write_to

NEW_PASSWORD = {"autocomplete": "new-password"}


class NewPassword(Form):
    """A password, twice."""

    password = PasswordField(
        lazy_gettext("New password"), validators=[Needed(), AtMost(auth.LONGEST_PASSWORD)], render_kw=NEW_PASSWORD
    )
    again = PasswordField(lazy_gettext("The same once more"), validators=[Needed()], render_kw=NEW_PASSWORD)

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        self.password.description = gettext(
            "At least %(least)s characters. A sentence of three or four words is good.", least=auth.SHORTEST_PASSWORD
        )

    def validate_password(self, field: PasswordField) -> None:
        """Long enough to be hard to guess, and not what everybody knows of the person."""
        text = field.data or ""
        if len(text) < auth.SHORTEST_PASSWORD:
            least = auth.SHORTEST_PASSWORD
            raise ValidationError(gettext("This is too short. Use at least %(least)s characters.", least=least))
        if auth.is_easy(text, self.person):
            raise ValidationError(gettext("This is easy to guess. Choose something else."))

    def validate_again(self, field: PasswordField) -> None:
        """Twice the same."""
        if field.data != self.password.data:
            raise ValidationError(gettext("The two passwords are not the same."))


class ChangePassword(NewPassword):
    """The present password before the new one."""

    current = PasswordField(
        lazy_gettext("Your password now"),
        validators=[Needed()],
        render_kw={"autocomplete": "current-password"},
    )

    def validate_current(self, field: PasswordField) -> None:
        """It has to be right."""
        if guesses.check(self.person.email, field.data or "") is None:
            raise ValidationError(gettext("This is not your password."))


class Forgotten(Form):
    """Where the letter goes."""

    email = EmailField(
        lazy_gettext("E-mail address"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "username"}
    )


class Account(Form):
    """What people change of themselves."""

    what = HiddenField(default="account")
    name = StringField(lazy_gettext("Name"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "name"})
    language = Choice(lazy_gettext("Language"), look="list")
    digest = BooleanField(
        lazy_gettext("One letter a day"),
        description=lazy_gettext("What happens to permits comes in one letter each morning, instead of at once."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.language.choices = [(code, words.NAMES[code]) for code in database.settings().languages]


@my.route("/sign-in", Permission.ACCOUNT_ENTER, methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in; what was written when the session was over is shown again."""
    form = guard.SignIn(next=request.args.get("next", ""))
    held = unsent.unpacked(form.kept.data)
    if request.method == "GET" and auth.signed_in():
        return redirect(guard.way_back(form.next.data))
    if held and auth.signed_in():
        return unsent.send_again(held)
    if form.validate_on_submit():
        person = guesses.check(form.email.data, form.password.data)
        if person is not None:
            auth.enter(person)
            answer = unsent.send_again(held) if held else redirect(guard.way_back(form.next.data))
            return known.remember(answer, person)
        form.form_errors.append(
            gettext("This address and this password do not belong together. Try again, or choose a new password.")
        )
    return form.page("auth/sign_in.html", signed_out=held is not None, held=held)


@my.post("/sign-out", Permission.ACCOUNT_EDIT)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    auth.leave()
    flash(gettext("You are signed out."))
    return redirect(url_for("public.home"))


@my.route("/forgotten", Permission.ACCOUNT_ENTER, methods=["GET", "POST"])
@limiter.limit(LETTER_LIMIT, methods=["POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a letter with a link to a new password, or to one's own page; the same answer for every address."""
    form = Forgotten()
    if form.validate_on_submit():
        if may_write_to(form.email.data):
            registry.send_link_to(database.idle(), SYSTEM, form.email.data, database.now())
            delivery.wake_later()
        return render_template("auth/letter_sent.html", hours=auth.RESET_HOURS, days=links.LASTS.days)
    return form.page("auth/forgotten.html")


@my.route("/password/<token>", Permission.ACCOUNT_ENTER, methods=["GET", "POST"])
@limiter.limit(LINK_LIMIT, methods=["POST"])
def set_password(token: str) -> ResponseReturnValue:
    """Choose a password by the link of an invitation or of a letter."""
    person = auth.person_of_link(token)
    if person is None:
        return render_template("auth/link_over.html"), 410
    form = NewPassword(person=person)
    if form.validate_on_submit():
        auth.set_password(person, form.password.data)
        auth.enter(person)
        flash(gettext("Your password is set, and you are signed in."))
        return known.remember(redirect(guard.way_back(None)), person)
    first = not auth.has_password(person)
    return form.page("auth/set_password.html", person=person, first=first)


@my.route("/account", Permission.ACCOUNT_EDIT, methods=["GET", "POST"])
def account() -> ResponseReturnValue:
    """One's own name, language and password."""
    person = auth.signed_in()
    assert person is not None  # the guard saw to it
    sent = request.form.get("what")
    details = Account(obj=person) if sent != "password" else Account(formdata=None, obj=person)
    has_password = auth.has_password(person)
    kind = ChangePassword if has_password else NewPassword
    password = kind(person=person) if sent == "password" else kind(formdata=None, person=person)
    if sent == "account" and details.validate_on_submit():
        changes = {"name": details.name.data, "language": details.language.data, "digest": bool(details.digest.data)}
        with details.saying():
            changed = registry.change_person(database.idle(), person.actor(), person.ref, changes, database.now())
            auth.speak(changed)
            flash(gettext("Saved."))
            return redirect(url_for(".account"))
    if sent == "password" and password.validate_on_submit():
        auth.set_password(person, password.password.data)
        auth.enter(person)
        if has_password:
            flash(gettext("Your password is changed. Other places where you were signed in are signed out."))
        else:
            flash(gettext("Your password is set. From now on you can also sign in with it."))
        return known.remember(redirect(url_for(".account")), person)
    page = render_template(
        "auth/account.html", details=details, password=password, person=person, has_password=has_password
    )
    return page, max(details.status, password.status)
