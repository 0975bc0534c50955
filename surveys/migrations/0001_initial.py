import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import records.secrets
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('children', '0001_initial'),
        ('communities', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('returned', 'returned'), ('accepted', 'accepted by the street office')], default='draft', editable=False, max_length=10, verbose_name='status')),
                ('handed_in_on', models.DateField(editable=False, null=True, verbose_name='first handed in on')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'roster',
                'verbose_name_plural': 'rosters',
                'ordering': ['-round__due_on', 'community_id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RosterEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='edition')),
                ('as_of', models.DateField(editable=False, verbose_name='day of the roster')),
                ('figures', models.JSONField(default=dict, editable=False, verbose_name='figures')),
                ('submitted_at', models.DateTimeField(editable=False, verbose_name='submitted')),
                ('outcome', models.CharField(blank=True, choices=[('', 'waiting for the street office'), ('returned', 'returned'), ('accepted', 'accepted by the street office')], default='', editable=False, max_length=10, verbose_name='outcome')),
                ('remark', models.TextField(blank=True, editable=False, max_length=2000, verbose_name='Remark of the street office')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('roster', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='surveys.roster', verbose_name='roster')),
                ('submitted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'edition of a roster',
                'verbose_name_plural': 'editions of rosters',
                'ordering': ['roster', 'number'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='rosteredition_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('roster', 'number'), name='editions_of_a_roster_are_numbered', violation_error_message='This roster already has an edition of this number.')],
            },
        ),
        migrations.CreateModel(
            name='RosterLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('position', models.PositiveIntegerField(editable=False, verbose_name='number in the list')),
                ('layout', models.PositiveSmallIntegerField(editable=False, verbose_name='layout')),
                ('texts', records.secrets.SecretField(editable=False, verbose_name='what stood in the line')),
                ('remark', models.CharField(blank=True, editable=False, max_length=300, verbose_name='remark')),
                ('child', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child', verbose_name='child')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('edition', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='surveys.rosteredition', verbose_name='roster')),
            ],
            options={
                'verbose_name': 'line of a roster',
                'verbose_name_plural': 'lines of rosters',
                'ordering': ['edition', 'position'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='rosterline_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('edition', 'child'), name='a_child_stands_once_on_a_roster', violation_error_message='This child already stands on this roster.'), models.UniqueConstraint(fields=('edition', 'position'), name='lines_of_a_roster_are_numbered', violation_error_message='This roster already has a line of this number.')],
            },
        ),
        migrations.CreateModel(
            name='SurveyRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('opens_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('due_on', models.DateField(verbose_name='rosters due on')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='opened')),
                ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='closed')),
                ('division', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='division')),
                ('opened_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
            ],
            options={
                'verbose_name': 'survey round',
                'verbose_name_plural': 'survey rounds',
                'ordering': ['-due_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('opens_on'))), name='survey_round_is_due_after_it_opens', violation_error_message='The due day lies before the first day.'), models.UniqueConstraint(fields=('division', 'due_on'), name='one_survey_round_per_division_and_due_day', violation_error_message='There is already a round with this due day.')],
            },
        ),
        migrations.AddField(
            model_name='roster',
            name='round',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='rosters', to='surveys.surveyround', verbose_name='survey round'),
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('day', models.DateField(editable=False, verbose_name='day')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
                ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reminded by')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('round', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='surveys.surveyround', verbose_name='survey round')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['-at', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='reminder_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('round', 'community', 'day'), name='one_reminder_per_community_and_day', violation_error_message='This community was reminded today.')],
            },
        ),
        migrations.CreateModel(
            name='HouseholdVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('visited_on', models.DateField(verbose_name='visited on')),
                ('visitor', models.CharField(max_length=60, verbose_name='visited by')),
                ('result', models.CharField(choices=[('met', 'family met'), ('nobody_home', 'nobody at home'), ('moved_away', 'family moved away'), ('refused', 'did not want to talk'), ('new_family', 'new family found')], max_length=12, verbose_name='result')),
                ('has_changes', models.BooleanField(default=False, verbose_name='something changed in the family')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noted')),
                ('verified', models.JSONField(default=dict, editable=False)),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='survey_visits', to='children.household', verbose_name='household')),
                ('noted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='surveys.surveyround', verbose_name='survey round')),
            ],
            options={
                'verbose_name': 'visit in a survey round',
                'verbose_name_plural': 'visits in survey rounds',
                'ordering': ['-visited_on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['round', 'community'], name='survey_visit_by_round')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='householdvisit_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('round', 'household'), name='one_visit_per_round_and_household', violation_error_message="This household's visit is already noted in this round."), models.CheckConstraint(condition=models.Q(('result__in', ['met', 'nobody_home', 'moved_away', 'refused', 'new_family'])), name='survey_visit_has_a_known_result', violation_error_message='Say what came of the visit.')],
            },
        ),
        migrations.AddIndex(
            model_name='roster',
            index=models.Index(fields=['district', 'round', 'status'], name='roster_of_a_round'),
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='roster_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'),
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.UniqueConstraint(fields=('community', 'round'), name='one_roster_per_community_and_round', violation_error_message='This community already has a roster for this round.'),
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='who_submits_a_roster_does_not_decide_on_it', violation_error_message='Who submitted a roster cannot decide on it.'),
        ),
        migrations.AddConstraint(
            model_name='roster',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'draft'), ('handed_in_on__isnull', False), _connector='OR'), name='a_roster_that_is_no_draft_was_handed_in', violation_error_message='A roster that is no draft has been handed in.'),
        ),
    ]
