"""Persons are found by their telephone, through a keyed hash; those on file already get theirs."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import open_sealed, telephone_hash

_BATCH = 1000


def hash_those_on_file(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A number whose key is missing stays without: it opens for nothing else either."""
    person = apps.get_model("people", "Person")
    last = 0
    while rows := list(person.objects.filter(pk__gt=last).order_by("pk").only("pk", "phone_sealed")[:_BATCH]):
        last, changed = rows[-1].pk, []
        for row in rows:
            if not row.phone_sealed:
                continue
            try:
                row.phone_hash = telephone_hash(open_sealed(row.phone_sealed))
            except SealBroken:
                continue
            changed.append(row)
        person.objects.bulk_update(changed, ["phone_hash"])


class Migration(migrations.Migration):
    dependencies = [("people", "0009_unfit_persons")]

    operations = [
        migrations.AddField(
            model_name="person", name="phone_hash", field=models.CharField(blank=True, max_length=64)
        ),
        migrations.RunPython(hash_those_on_file, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("phone_hash", ""), _negated=True), fields=["phone_hash"], name="person_telephone"
            ),
        ),
    ]
