from django.db import migrations, models


class Migration(migrations.Migration):
    """A step that nobody has taken on is in no list of what somebody has: it needs no place in that index."""

    dependencies = [("cases", "0006_waiting_and_sending")]

    operations = [
        migrations.RemoveIndex(model_name="task", name="task_mine"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["claimed_by", "due"],
                name="task_mine",
                condition=models.Q(finished=None, claimed_by__isnull=False),
            ),
        ),
    ]
