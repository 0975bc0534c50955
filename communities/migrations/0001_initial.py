import communities.identity_fields
import communities.models.user
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.ASCIIUsernameValidator()], verbose_name='sign-in name')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('language', models.CharField(blank=True, choices=[('', 'as the browser says'), ('en', 'English'), ('zh-hans', '简体中文')], default='', max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
                'ordering': ['username'],
            },
            managers=[
                ('objects', communities.models.user.AccountManager()),
            ],
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='name in English')),
                ('level', models.CharField(choices=[('district', 'district'), ('street', 'street office or town'), ('community', 'community')], max_length=10, verbose_name='level')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='communities.division', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'division',
                'verbose_name_plural': 'divisions',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code__length', 6), ('level', 'district'), ('parent', None)), models.Q(('code__length', 9), ('level', 'street'), ('parent__isnull', False)), models.Q(('code__length', 12), ('level', 'community'), ('parent__isnull', False)), _connector='OR'), name='division_code_has_its_levels_digits', violation_error_message='A district has 6 digits, a street or town 9, a community 12.'), models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('level', 'street'), ('parent_id', django.db.models.functions.text.Left(models.F('code'), 6))), models.Q(('level', 'community'), ('parent_id', django.db.models.functions.text.Left(models.F('code'), 9))), _connector='OR'), name='division_code_begins_with_its_parents', violation_error_message="A division's code begins with the code of the division above it.")],
            },
        ),
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('is_worked', models.BooleanField(default=False, verbose_name='worked weekend day')),
                ('district', models.ForeignKey(limit_choices_to={'level': 'district'}, on_delete=django.db.models.deletion.PROTECT, to='communities.division', verbose_name='district')),
            ],
            options={
                'verbose_name': 'closed day',
                'verbose_name_plural': 'closed days',
                'ordering': ['-day'],
                'constraints': [models.UniqueConstraint(fields=('district', 'day'), name='one_entry_per_district_and_day', violation_error_message='This day already has an entry.')],
            },
        ),
        migrations.CreateModel(
            name='HelpLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('phone', models.CharField(max_length=20, verbose_name='phone')),
                ('hours', models.CharField(blank=True, max_length=100, verbose_name='when and for what')),
                ('is_current', models.BooleanField(default=True, verbose_name='in use')),
                ('division', models.ForeignKey(limit_choices_to={'level__in': ['district', 'street']}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='district or street')),
            ],
            options={
                'verbose_name': 'local number to call',
                'verbose_name_plural': 'local numbers to call',
                'ordering': ['division', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('phone__regex', '^[0-9+-]{3,20}$')), name='help_line_has_a_number_to_dial', violation_error_message='Write the number with digits and hyphens only.'), models.UniqueConstraint(fields=('division', 'phone'), name='help_line_stands_once_per_division', violation_error_message='This number is already on the list.')],
            },
        ),
        migrations.CreateModel(
            name='LeadingGroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('position', models.CharField(choices=[('head', 'head (party branch secretary)'), ('deputy', 'deputy head'), ('member', 'member')], max_length=10, verbose_name='position')),
                ('group', models.CharField(choices=[('caring', 'for caring'), ('home', 'for building the Home')], default='caring', max_length=10, verbose_name='leading group')),
                ('duties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('schooling', 'schooling rights'), ('health', 'immunisation and health'), ('support', 'financial support'), ('law', 'law publicity and delinquency prevention'), ('disability', 'care for disabled children'), ('volunteers', 'mobilising volunteers'), ('home', 'building the Home')], max_length=12), blank=True, default=list, size=None, verbose_name='responsible for')),
                ('phone', communities.identity_fields.PhoneField(blank=True, verbose_name='phone')),
                ('since', models.DateField(verbose_name='since')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('account', models.ForeignKey(blank=True, help_text='Whoever signs in here finds on the first page what they promised in meetings.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
            ],
            options={
                'verbose_name': 'leading group member',
                'verbose_name_plural': 'leading group',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='leadinggroupmember_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='membership_ends_after_it_starts', violation_error_message='A membership cannot end before it starts.'), models.UniqueConstraint(condition=models.Q(('position', 'head'), ('until', None)), fields=('community', 'group'), name='one_head_of_a_leading_group', violation_error_message='This group has a head already. End that membership first.')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(choices=[('study', 'study meeting'), ('special', 'special meeting'), ('exchange', 'exchange meeting')], max_length=10, verbose_name='kind')),
                ('group', models.CharField(choices=[('caring', 'for caring'), ('home', 'for building the Home'), ('both', 'both together')], default='caring', max_length=10, verbose_name='leading group')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('day', models.DateField(verbose_name='day')),
                ('starts_at', models.TimeField(blank=True, null=True, verbose_name='starts at')),
                ('venue', models.CharField(blank=True, max_length=100, verbose_name='venue')),
                ('points', models.TextField(blank=True, max_length=2000, verbose_name='points of our own')),
                ('status', models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('called_off', 'called off')], default='planned', editable=False, max_length=10, verbose_name='status')),
                ('guests', models.PositiveSmallIntegerField(default=0, verbose_name='guests')),
                ('minutes', models.TextField(blank=True, max_length=5000, verbose_name='record of the meeting')),
                ('figures', models.JSONField(default=dict, editable=False, verbose_name='figures at the meeting')),
                ('held_at', models.DateTimeField(editable=False, null=True, verbose_name='written up')),
                ('why_called_off', models.CharField(blank=True, editable=False, max_length=200, verbose_name='why called off')),
                ('came', models.ManyToManyField(blank=True, related_name='+', to='communities.leadinggroupmember', verbose_name='members who came')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
            ],
            options={
                'verbose_name': 'meeting',
                'verbose_name_plural': 'meetings',
                'ordering': ['-day', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', '-day', '-id'], name='meeting_of_a_district_by_day'), models.Index(fields=['community', '-day', '-id'], name='meeting_of_a_community_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='meeting_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(models.Q(('held_at', None), ('status', 'planned'), ('why_called_off', '')), models.Q(('held_at__isnull', False), ('status', 'held'), ('why_called_off', '')), models.Q(('held_at', None), ('status', 'called_off'), ('why_called_off__gt', '')), _connector='OR'), name='meeting_is_planned_held_or_called_off', violation_error_message='Say why the meeting is called off.'), models.CheckConstraint(condition=models.Q(('guests__lte', 2000)), name='guests_at_most_two_thousand', violation_error_message='At most 2000 guests.')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('what', models.CharField(max_length=300, verbose_name='what was decided')),
                ('due_on', models.DateField(verbose_name='to be done by')),
                ('status', models.CharField(choices=[('open', 'open'), ('done', 'done'), ('dropped', 'dropped')], default='open', editable=False, max_length=10, verbose_name='status')),
                ('outcome', models.CharField(blank=True, editable=False, max_length=500, verbose_name='what came of it')),
                ('settled_on', models.DateField(editable=False, null=True, verbose_name='settled on')),
                ('settled_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='communities.leadinggroupmember', verbose_name='who does it')),
                ('meeting', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='communities.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'decision of a meeting',
                'verbose_name_plural': 'decisions of meetings',
                'ordering': ['due_on', 'pk'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['community', 'due_on', 'id'], name='open_decision_of_a_community')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='decision_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_by', None), ('settled_on', None), ('status', 'open')), models.Q(('outcome__gt', ''), ('settled_by__isnull', False), ('settled_on__isnull', False), ('status__in', ['done', 'dropped'])), _connector='OR'), name='settled_decision_says_what_came_of_it', violation_error_message='Say what came of it.')],
            },
        ),
        migrations.CreateModel(
            name='OfficeDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')], verbose_name='weekday')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.leadinggroupmember', verbose_name='who is on duty')),
            ],
            options={
                'verbose_name': 'duty in the office',
                'verbose_name_plural': 'duty rota of the office',
                'ordering': ['weekday'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='officeduty_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('community', 'weekday'), name='one_member_on_duty_a_weekday', violation_error_message='Somebody is on duty on this weekday already.'), models.CheckConstraint(condition=models.Q(('weekday__range', (1, 7))), name='a_week_has_seven_days', violation_error_message='Choose a weekday.')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('community_worker', 'Child director'), ('street_officer', 'Child supervisor'), ('federation_officer', 'Federation officer'), ('counsellor', 'Counsellor'), ('volunteer', 'Volunteer'), ('administrator', 'Administrator')], max_length=30, verbose_name='role')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('granted_at', models.DateTimeField(auto_now_add=True, verbose_name='granted')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communities.division', verbose_name='division')),
                ('granted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granted by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'posting',
                'verbose_name_plural': 'postings',
                'ordering': ['-starts_on', 'pk'],
                'indexes': [models.Index(fields=['user', 'starts_on'], name='posting_by_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='posting_ends_after_it_starts', violation_error_message='A posting cannot end before it starts.'), models.CheckConstraint(condition=models.Q(('granted_by', None), models.Q(('user', models.F('granted_by')), _negated=True), _connector='OR'), name='nobody_grants_themselves_a_posting', violation_error_message='Nobody grants themselves a posting: ask another administrator.'), models.CheckConstraint(condition=models.Q(('role__in', ['community_worker', 'street_officer', 'federation_officer', 'counsellor', 'volunteer', 'administrator'])), name='posting_role_is_known', violation_error_message='There is no such role.'), models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('user', 'division', 'role'), name='one_open_posting_per_user_division_and_role', violation_error_message='This person already has this posting.')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_year', models.PositiveSmallIntegerField(help_text='The year in which it began.', verbose_name='school year')),
                ('kind', models.CharField(choices=[('autumn', 'autumn'), ('spring', 'spring')], max_length=6, verbose_name='term')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('district', models.ForeignKey(limit_choices_to={'level': 'district'}, on_delete=django.db.models.deletion.PROTECT, to='communities.division', verbose_name='district')),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'ordering': ['-starts_on'],
                'constraints': [models.UniqueConstraint(fields=('district', 'school_year', 'kind'), name='one_autumn_and_one_spring_term_a_year', violation_error_message='This district already has that term.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='term_ends_after_it_starts', violation_error_message='A term cannot end before it starts.')],
            },
        ),
    ]
