"""The database itself refuses to change the audit trail.

SQLite refuses changes only: its test runner empties tables with DELETE, where PostgreSQL truncates.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION patients_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
CREATE TRIGGER patients_audit_append_only BEFORE UPDATE OR DELETE ON patients_auditevent
FOR EACH ROW EXECUTE FUNCTION patients_audit_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER patients_audit_append_only ON patients_auditevent;
DROP FUNCTION patients_audit_is_append_only();
"""
SQLITE = """
CREATE TRIGGER patients_audit_append_only BEFORE UPDATE ON patients_auditevent
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
SQLITE_BACK = "DROP TRIGGER patients_audit_append_only"


def _run(schema_editor, on_postgresql, on_sqlite):
    vendor = schema_editor.connection.vendor
    statement = {"postgresql": on_postgresql, "sqlite": on_sqlite}.get(vendor)
    if statement:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: _run(schema_editor, POSTGRESQL, SQLITE),
            lambda apps, schema_editor: _run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK),
        )
    ]
