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
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('status', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', editable=False, max_length=10, verbose_name='status')),
                ('opened_on', models.DateField(default=django.utils.timezone.localdate, editable=False, verbose_name='opened on')),
                ('closed_on', models.DateField(editable=False, null=True, verbose_name='closed on')),
                ('child', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='counselling_cases', to='children.child', verbose_name='child')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('counsellor', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='counsellor')),
            ],
            options={
                'verbose_name': 'counselling case',
                'verbose_name_plural': 'counselling cases',
                'ordering': ['-opened_on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['counsellor', 'status'], name='cases_of_a_counsellor')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='case_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('child', 'counsellor'), name='one_open_case_per_child_and_counsellor', violation_error_message='There is already an open case for this child.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('status', 'open')), models.Q(('closed_on__gte', models.F('opened_on')), ('status', 'closed')), _connector='OR'), name='closed_case_has_its_day', violation_error_message='A closed case carries the day.')],
            },
        ),
        migrations.CreateModel(
            name='CounsellingSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='session number')),
                ('held_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='day')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('next_on', models.DateField(blank=True, null=True, verbose_name='next session on')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noted')),
                ('case', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='counselling.case', verbose_name='case')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
            ],
            options={
                'verbose_name': 'counselling session',
                'verbose_name_plural': 'counselling sessions',
                'ordering': ['-number'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', 'community', 'held_on'], name='counselling_sessions_held')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='counsellingsession_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('case', 'number'), name='session_numbers_of_a_case_are_not_taken_twice', violation_error_message='This session is already noted.'), models.CheckConstraint(condition=models.Q(('minutes', None), ('minutes__lte', 480), _connector='OR'), name='counselling_session_lasts_eight_hours_at_most', violation_error_message='A session lasts 480 minutes at most.')],
            },
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='taken back')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('counsellor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='admitted counsellor')),
                ('case', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='counselling.case', verbose_name='case')),
            ],
            options={
                'verbose_name': 'admission to a case',
                'verbose_name_plural': 'admissions to cases',
                'ordering': ['-starts_on', '-pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='admission_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('case', 'counsellor'), name='one_admission_per_case_and_counsellor', violation_error_message='This counsellor is already admitted to the case.'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='admission_ends_after_it_starts', violation_error_message='An admission cannot end before it starts.')],
            },
        ),
        migrations.CreateModel(
            name='SessionWords',
            fields=[
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('session', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='counselling.counsellingsession', verbose_name='session')),
                ('form', models.CharField(blank=True, choices=[('alone', 'with the child alone'), ('family', 'with the family'), ('group', 'in a group'), ('phone', 'by phone'), ('video', 'by video')], max_length=10, verbose_name='how it took place')),
                ('complaint', records.secrets.SecretField(blank=True, verbose_name='complaint')),
                ('aim', records.secrets.SecretField(blank=True, verbose_name='aim')),
                ('course', records.secrets.SecretField(blank=True, verbose_name='course of the session')),
                ('risk', models.CharField(blank=True, choices=[('none', 'none seen'), ('watch', 'to be watched'), ('high', 'high'), ('acute', 'acute: act now')], max_length=10, verbose_name='risk')),
                ('next_step', records.secrets.SecretField(blank=True, verbose_name='next step')),
            ],
            options={
                'verbose_name': 'notes on a session',
                'verbose_name_plural': 'notes on sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseWords',
            fields=[
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('case', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='counselling.case', verbose_name='case')),
                ('complaint', records.secrets.SecretField(blank=True, verbose_name='presenting complaint')),
                ('aim', records.secrets.SecretField(blank=True, verbose_name='aim of the counselling')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
            ],
            options={
                'verbose_name': 'notes on a case',
                'verbose_name_plural': 'notes on cases',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='casewords_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.')],
            },
        ),
        migrations.AddField(
            model_name='sessionwords',
            name='community',
            field=models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community'),
        ),
        migrations.AddConstraint(
            model_name='sessionwords',
            constraint=models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='sessionwords_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'),
        ),
    ]
