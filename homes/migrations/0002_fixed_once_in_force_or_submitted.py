"""The past keeps its rules: requirements of a standard that was approved, answers of a check that was submitted and a
verdict that was decided can be changed by nobody, not even by a mistake in our own code."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION homes_requirement_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT status FROM homes_standard WHERE id = COALESCE(NEW.standard_id, OLD.standard_id)) <> 'draft' THEN
    RAISE EXCEPTION 'A standard that was approved does not change: draft a new edition.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER homes_requirement_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON homes_standarditem
  FOR EACH ROW EXECUTE FUNCTION homes_requirement_is_fixed();

CREATE FUNCTION homes_answer_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT status FROM homes_inspection WHERE id = COALESCE(NEW.inspection_id, OLD.inspection_id)) <> 'draft' THEN
    RAISE EXCEPTION 'A check that was submitted does not change.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER homes_answer_is_fixed BEFORE INSERT OR UPDATE OR DELETE ON homes_answer
  FOR EACH ROW EXECUTE FUNCTION homes_answer_is_fixed();

CREATE FUNCTION homes_verdict_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.decided_at IS NOT NULL THEN
    RAISE EXCEPTION 'A verdict that was decided does not change.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER homes_verdict_is_fixed BEFORE UPDATE OR DELETE ON homes_ruling
  FOR EACH ROW EXECUTE FUNCTION homes_verdict_is_fixed();
"""

BACKWARD = """
DROP TRIGGER homes_verdict_is_fixed ON homes_ruling;
DROP FUNCTION homes_verdict_is_fixed();
DROP TRIGGER homes_answer_is_fixed ON homes_answer;
DROP FUNCTION homes_answer_is_fixed();
DROP TRIGGER homes_requirement_is_fixed ON homes_standarditem;
DROP FUNCTION homes_requirement_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("homes", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
