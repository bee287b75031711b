"""Forms of the register: doubles, tags, lists, consents, statistics, saved views."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

from filled import Desk, Sent, fills
from lianzhang.registry.models import Filing, FirmList
from lianzhang.registry.services import lists, merging

OFFICER = "data_officer"


def own_list(d: Desk) -> FirmList:
    """A list of who sends the form, with one enterprise."""
    from lianzhang.city.services import actor_of_user
    from lianzhang.kernel.models import User

    keeper = actor_of_user(User.objects.get(username=f"{OFFICER}-a"))
    return lists.make(
        actor=keeper, about=lists.About("一", "二", share="all"), firms=[(d.a.enterprise.pk, "")]
    )


def about(d: Desk) -> dict[str, object]:
    return {"name": d.word, "purpose": d.word, "share": "all"}


@fills("registry:show_whole", OFFICER, "each look at whole values is recorded by itself")
def show_whole(d: Desk) -> Sent:
    return Sent({"pk": d.a.enterprise.pk}, {"reason": d.word})


@fills("registry:tag_put", OFFICER)
def tag_put(d: Desk) -> Sent:
    return Sent({"pk": d.a.enterprise.pk}, {"word": d.word[:30], "reason": d.word})


@fills("registry:tag_take", OFFICER)
def tag_take(d: Desk) -> Sent:
    return Sent({"pk": d.a.enterprise.pk, "tag": d.a.tag.pk})


@fills("registry:duplicate", OFFICER, name="registry:duplicate different")
def different(d: Desk) -> Sent:
    return Sent({"pk": d.a.pair.pk}, {"decision": "different", "reason": d.word})


@fills("registry:duplicate", OFFICER, name="registry:duplicate merge")
def merge(d: Desk) -> Sent:
    return Sent({"pk": d.a.pair.pk}, {"decision": "first", "reason": d.word})


@fills("registry:duplicate_again", OFFICER)
def again(d: Desk) -> Sent:
    merging.judge_different(actor=d.actor(OFFICER, org="gxj-data"), pair=d.a.pair, reason="两家")
    return Sent({"pk": d.a.pair.pk})


@fills("registry:unmerge", OFFICER)
def unmerge(d: Desk) -> Sent:
    return Sent({"pk": d.a.merge.pk}, {"reason": d.word})


@fills("registry:duplicates_find", OFFICER)
def find(d: Desk) -> Sent:
    return Sent()


@fills("registry:list_new", OFFICER, "two lists may have the same name")
def list_new(d: Desk) -> Sent:
    return Sent({}, {**about(d), "text": f"{d.a.enterprise.uscc}\t{d.word}"})


@fills("registry:list_choose", OFFICER)
def list_choose(d: Desk) -> Sent:
    return Sent({}, {"list": own_list(d).pk, "selected": [d.a.enterprise.pk, d.b.enterprise.pk]})


@fills("registry:list_add", OFFICER)
def list_add(d: Desk) -> Sent:
    return Sent({"pk": own_list(d).pk}, {"text": f"{d.b.enterprise.uscc}\t{d.word}"})


@fills("registry:list_edit", OFFICER)
def list_edit(d: Desk) -> Sent:
    return Sent({"pk": own_list(d).pk}, about(d))


@fills("registry:list_note", OFFICER)
def list_note(d: Desk) -> Sent:
    row = own_list(d)
    return Sent({"pk": row.pk}, {"selected": [row.members.get().pk], "note": d.word})


@fills("registry:list_remove", OFFICER)
def list_remove(d: Desk) -> Sent:
    row = own_list(d)
    return Sent({"pk": row.pk}, {"selected": [row.members.get().pk]})


@fills("registry:list_undo", OFFICER)
def list_undo(d: Desk) -> Sent:
    row = own_list(d)
    return Sent({"pk": row.pk, "step": row.changes.get().pk})


@fills("registry:list_delete", OFFICER)
def list_delete(d: Desk) -> Sent:
    return Sent({"pk": own_list(d).pk})


@fills("registry:list_take_over", "chain_office")
def list_take_over(d: Desk) -> Sent:
    from django.utils import timezone

    gone = d.account("chain_office", username="gone", org="gxj-chain")
    from lianzhang.city.services import actor_of_user

    row = lists.make(actor=actor_of_user(gone), about=lists.About("一", "二", share="all"), firms=[])
    gone.memberships.update(ended_at=timezone.now())
    return Sent({"pk": row.pk})


@fills(
    "registry:consent_give",
    "enterprise",
    "one may consent to the same for another purpose; each is a row of its own",
)
def consent_give(d: Desk) -> Sent:
    data = {"given_by": d.word, "position": d.word, "source": "", "purpose": d.word, "since": "2023-04-10"}

    def files() -> dict[str, SimpleUploadedFile]:
        return {"paper": SimpleUploadedFile(f"{d.word}.pdf".replace("/", "／"), b"%PDF-1.4\n%%EOF\n")}

    return Sent({"pk": d.a.enterprise.pk}, data, files)


@fills("registry:consent_withdraw", "enterprise")
def consent_withdraw(d: Desk) -> Sent:
    return Sent({"pk": d.a.consent.pk}, {"reason": d.word})


@fills("registry:statistics_release", "statistician", "a release of figures that came since is another one")
def release(d: Desk) -> Sent:
    return Sent({}, {"measure": "revenue", "year": "2022", "basis": "administrative"})


def contact(d: Desk) -> str:
    """Somebody who stands as the contact of an enterprise."""
    Filing.objects.create(
        enterprise=d.a.enterprise, delivery=d.a.delivery, source="tax", use="administrative", as_of="2023-01-01",
        values={"name": d.a.enterprise.name, "contact": "欧阳不忘", "phone": "13812345678"},
    )  # fmt: skip
    return "欧阳不忘"


@fills("registry:contacts", "security_admin", "each export is recorded by itself")
def contacts(d: Desk) -> Sent:
    return Sent({}, {"text": contact(d), "as": "file"})


@fills("registry:contacts_erase", "security_admin")
def contacts_erase(d: Desk) -> Sent:
    return Sent({}, {"text": contact(d), "why": d.word, "firms": [d.a.enterprise.pk]})


@fills("web:view_save", OFFICER)
def view_save(d: Desk) -> Sent:
    query = urlencode({"sort": "name", "q": d.word})
    return Sent(
        {}, {"listing": d.word[:60], "path": "/enterprises/", "query": query, "name": d.word, "shared": "on"}
    )


@fills("web:view_delete", OFFICER)
def view_delete(d: Desk) -> Sent:
    from lianzhang.city.services import actor_of_user
    from lianzhang.kernel import views_saved
    from lianzhang.kernel.models import User

    who = actor_of_user(User.objects.get(username=f"{OFFICER}-a"))
    row = views_saved.save(
        actor=who, listing="enterprises", path="/enterprises/", query="sort=name", name="x", shared=True
    )
    return Sent({"pk": row.pk})
