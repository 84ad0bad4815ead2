from django.db import migrations, models


def give_turns(apps, schema_editor):
    """Add the column that says in which order events were committed; see docs/adr/0019."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRES:
            schema_editor.execute(statement)
    else:
        _rebuild(schema_editor)


# A constant default touches no row: what was there before has turn 0 and is read by case. Then each transaction its own.
POSTGRES = (
    'ALTER TABLE "event" ADD COLUMN "turn" bigint NOT NULL DEFAULT 0',
    'ALTER TABLE "event" ALTER COLUMN "turn" SET DEFAULT (pg_current_xact_id()::text::bigint)',
    'CREATE INDEX "event_turn" ON "event" ("turn", "case", "seq")',
)


def _rebuild(schema_editor):
    """SQLite numbers rows anyway; with a name, the number outlives VACUUM and a dump. The same two trees as before."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'event'")
        (sql,) = cursor.fetchone()
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'event' AND sql IS NOT NULL")
        indexes = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT name FROM pragma_table_info('event') ORDER BY cid")
        columns = ", ".join(f'"{row[0]}"' for row in cursor.fetchall())
    head, _, rest = sql.partition("(")
    body = rest.replace("PRIMARY KEY (", "UNIQUE (")
    assert head.startswith("CREATE TABLE") and body != rest, sql
    schema_editor.execute('ALTER TABLE "event" RENAME TO "event_before"')
    schema_editor.execute(f'CREATE TABLE "event" ("turn" integer NOT NULL PRIMARY KEY, {body}')
    schema_editor.execute(
        f'INSERT INTO "event" ({columns}) SELECT {columns} FROM "event_before" ORDER BY rowid'
    )
    schema_editor.execute('DROP TABLE "event_before"')
    for index in indexes:
        schema_editor.execute(index)


def begin_counting(apps, schema_editor):
    cluster = ""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
            (cluster,) = cursor.fetchone()
    apps.get_model("ledger", "TurnOrigin").objects.create(cluster=cluster, added=0)


class Migration(migrations.Migration):

    dependencies = [("ledger", "0003_checkpoints")]

    operations = [
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("turn", models.BigIntegerField()),
                ("case", models.BigIntegerField()),
                ("seq", models.PositiveIntegerField()),
                ("moved_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("due", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
            ],
            options={"db_table": "follower"},
        ),
        migrations.CreateModel(
            name="TurnOrigin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cluster", models.CharField(blank=True, max_length=32)),
                ("added", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "event_turn_origin"},
        ),
        migrations.RunPython(give_turns, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(begin_counting, migrations.RunPython.noop, elidable=False),
    ]
