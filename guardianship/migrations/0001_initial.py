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
        ('records', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('status', models.CharField(choices=[('draft', 'not signed'), ('signed', 'signed'), ('renewed', 'renewed'), ('ended', 'ended with the file'), ('cancelled', 'cancelled')], default='draft', editable=False, max_length=10, verbose_name='status')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('harmed_minor', models.BooleanField(null=True, verbose_name='Has this person ever harmed a minor?')),
                ('has_habit', models.BooleanField(null=True, verbose_name='Does this person take drugs, drink heavily or gamble?')),
                ('neglected_duty', models.BooleanField(null=True, verbose_name='Has this person neglected such a duty before?')),
                ('is_capable', models.BooleanField(null=True, verbose_name='Is this a healthy adult, able to look after the child?')),
                ('is_never_alone', models.BooleanField(null=True, verbose_name='Will the child never be left alone under 8, and never live alone under 16?')),
                ('opinion', records.secrets.SecretField(blank=True, verbose_name='what the child says')),
                ('opinion_how', models.CharField(blank=True, max_length=200, verbose_name='how the child was asked or observed')),
                ('opinion_on', models.DateField(blank=True, null=True, verbose_name='child heard on')),
                ('school_told_on', models.DateField(blank=True, null=True, verbose_name='school told in writing on')),
                ('school_told', models.CharField(blank=True, max_length=100, verbose_name='school: to whom and how')),
                ('committee_told_on', models.DateField(blank=True, null=True, verbose_name='committee told in writing on')),
                ('committee_told', models.CharField(blank=True, max_length=100, verbose_name='committee: to whom and how')),
                ('promises_contact', models.BooleanField(default=False, verbose_name='the parents promise to be in contact at least once a week')),
                ('witness', models.CharField(blank=True, max_length=60, verbose_name='witnessed by')),
                ('signed_on', models.DateField(editable=False, null=True, verbose_name='signed on')),
                ('father_was_away', models.BooleanField(editable=False, null=True, verbose_name='father away when signed')),
                ('mother_was_away', models.BooleanField(editable=False, null=True, verbose_name='mother away when signed')),
                ('ended_on', models.DateField(editable=False, null=True, verbose_name='ended on')),
                ('prepared_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='prepared')),
                ('caregiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.adult', verbose_name='entrusted caregiver')),
                ('child', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='children.child', verbose_name='child')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('father', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.adult', verbose_name='father')),
                ('mother', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.adult', verbose_name='mother')),
                ('prepared_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
            ],
            options={
                'verbose_name': 'guardianship responsibility letter',
                'verbose_name_plural': 'guardianship responsibility letters',
                'ordering': ['-starts_on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', 'status', 'ends_on', 'id'], name='letters_by_end'), models.Index(fields=['child', '-starts_on'], name='letters_of_a_child')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='letter_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(condition=models.Q(('status', 'signed')), fields=('child',), name='one_signed_letter_in_force_per_child', violation_error_message='This child already has a signed letter.'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('child',), name='one_unsigned_letter_per_child', violation_error_message='A letter for this child is already being prepared.'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='letter_ends_after_it_starts', violation_error_message='The last day must come after the first.'), models.CheckConstraint(condition=models.Q(('father__isnull', False), ('mother__isnull', False), _connector='OR'), name='letter_is_from_a_parent', violation_error_message='A letter needs a father or a mother who entrusts the child.'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'cancelled']), models.Q(('harmed_minor', False), ('has_habit', False), ('is_capable', True), ('is_never_alone', True), ('neglected_duty', False), ('promises_contact', True), ('signed_on__isnull', False)), _connector='OR'), name='signed_letter_passed_the_exclusion_check', violation_error_message='Only a letter whose caregiver passed every question can be signed.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on', None), ('status__in', ['draft', 'signed'])), models.Q(models.Q(('status__in', ['draft', 'signed']), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='ended_letter_has_its_day', violation_error_message='A letter that has ended carries the day.')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('party', models.CharField(choices=[('father', 'father'), ('mother', 'mother'), ('caregiver', 'entrusted caregiver')], max_length=10, verbose_name='party')),
                ('signed_on', models.DateField(verbose_name='signed on')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('letter', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='guardianship.letter', verbose_name='letter')),
                ('picture', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='scan or photo')),
            ],
            options={
                'verbose_name': 'signature',
                'verbose_name_plural': 'signatures',
                'ordering': ['pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='signature_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('letter', 'party'), name='each_party_signs_a_letter_once', violation_error_message='This party has already signed.')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('kind', models.CharField(choices=[('contact', 'Parent contact card'), ('phone', 'Family phone card')], editable=False, max_length=10, verbose_name='card')),
                ('edition', models.PositiveIntegerField(editable=False, verbose_name='edition')),
                ('is_latest', models.BooleanField(default=True, editable=False)),
                ('fingerprint', models.CharField(editable=False, max_length=64)),
                ('is_touched', models.BooleanField(db_default=False, default=False, editable=False)),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='issued')),
                ('handed_on', models.DateField(blank=True, null=True, verbose_name='handed over on')),
                ('handed_to', models.CharField(blank=True, max_length=60, verbose_name='handed over to')),
                ('child', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='children.child', verbose_name='child')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('issued_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
            ],
            options={
                'verbose_name': 'card',
                'verbose_name_plural': 'cards',
                'ordering': ['kind', '-edition'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('is_latest', True)), fields=['district', 'community', 'kind'], name='latest_cards_of_a_community'), models.Index(fields=['community', '-issued_at', '-id'], name='card_log_of_a_community'), models.Index(fields=['district', '-issued_at', '-id'], name='card_log_of_a_district'), models.Index(condition=models.Q(('handed_on', None), ('is_latest', True)), fields=['district', '-issued_at', '-id'], name='cards_to_hand_over')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='card_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(fields=('child', 'kind', 'edition'), name='one_card_per_child_kind_and_edition', violation_error_message='This edition has already been issued.'), models.UniqueConstraint(condition=models.Q(('is_latest', True)), fields=('child', 'kind'), name='one_latest_card_per_child_and_kind', violation_error_message='A newer card has been issued.'), models.CheckConstraint(condition=models.Q(models.Q(('handed_on', None), ('handed_to', '')), models.Q(('handed_on__isnull', False), models.Q(('handed_to', ''), _negated=True)), _connector='OR'), name='card_handed_over_has_day_and_person', violation_error_message='Say on which day and to whom the card was handed over.')],
            },
        ),
        migrations.CreateModel(
            name='FamilyContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('struck_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='struck out')),
                ('struck_because', models.CharField(blank=True, editable=False, max_length=200, verbose_name='struck out because')),
                ('made_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='day')),
                ('who', models.CharField(choices=[('father', 'father'), ('mother', 'mother'), ('both', 'both parents')], max_length=10, verbose_name='who')),
                ('how', models.CharField(choices=[('video', 'video call'), ('call', 'phone call'), ('message', 'message'), ('visit', 'visit')], max_length=10, verbose_name='how')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noted')),
                ('child', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='family_contacts', to='children.child', verbose_name='child')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('noted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('struck_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='struck out by')),
            ],
            options={
                'verbose_name': 'contact of parents and child',
                'verbose_name_plural': 'contacts of parents and child',
                'ordering': ['-made_on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['child', '-made_on'], name='family_contacts_of_a_child')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='familycontact_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(models.Q(('struck_at', None), ('struck_because', ''), ('struck_by', None)), models.Q(('struck_at__isnull', False), ('struck_by__isnull', False)), _connector='OR'), name='who_strikes_a_family_contact_is_named', violation_error_message='Say why the entry is wrong.')],
            },
        ),
    ]
