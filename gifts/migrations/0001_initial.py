import communities.identity_fields
import django.core.validators
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
        ('homes', '0001_initial'),
        ('records', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Drive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('title', models.CharField(max_length=80, verbose_name='title of the drive')),
                ('purpose', models.CharField(help_text='For example: what children need to study and to live. Name no child.', max_length=200, verbose_name='what it is for')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('target', models.DecimalField(blank=True, decimal_places=2, help_text='Money and the value of goods together. May stay empty.', max_digits=9, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='target in yuan')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
            ],
            options={
                'verbose_name': 'donation drive',
                'verbose_name_plural': 'donation drives',
                'ordering': ['-starts_on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', '-starts_on'], name='drives_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='drive_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='a_drive_ends_after_it_begins', violation_error_message='The last day lies before the first.'), models.CheckConstraint(condition=models.Q(('target', None), ('target__gt', 0), _connector='OR'), name='a_drive_has_a_target_above_nought', violation_error_message='The target is above nought, or empty.')],
            },
        ),
        migrations.CreateModel(
            name='Gift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('purpose', models.CharField(help_text='For example: school things for the new term. The giver reads this: name no child.', max_length=200, verbose_name='what the giver means it for')),
                ('handler', models.CharField(max_length=60, verbose_name='who received it')),
                ('counter', models.CharField(help_text='Somebody else than the one who received it.', max_length=60, verbose_name='second person who counted')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noted')),
                ('voided_on', models.DateField(editable=False, null=True, verbose_name='found to be noted by mistake on')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('drive', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='gifts.drive', verbose_name='donation drive')),
                ('noted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
            ],
            options={
                'verbose_name': 'gift',
                'verbose_name_plural': 'gifts',
                'ordering': ['-received_on', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GiftLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('kind', models.CharField(choices=[('goods', 'goods'), ('money', 'money'), ('food', 'food'), ('medicine', 'medicine')], default='goods', max_length=8, verbose_name='kind of gift')),
                ('what', models.CharField(blank=True, max_length=80, verbose_name='what it is')),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='how many, or yuan')),
                ('unit', models.CharField(blank=True, help_text='Piece, bag, kilogram … Left empty for money.', max_length=12, verbose_name='unit')),
                ('unit_price', models.DecimalField(blank=True, decimal_places=2, help_text='Leave empty where there is no price.', max_digits=9, null=True, verbose_name='price of one in yuan')),
                ('expires_on', models.DateField(blank=True, help_text='Needed for food and medicine.', null=True, verbose_name='last day of use')),
                ('remaining', models.DecimalField(decimal_places=2, default=0, editable=False, max_digits=9, verbose_name='still in stock')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('gift', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='gifts.gift', verbose_name='gift')),
            ],
            options={
                'verbose_name': 'thing given',
                'verbose_name_plural': 'things given',
                'ordering': ['gift', 'pk'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('remaining__gt', 0)), fields=['district', 'expires_on', 'id'], include=('community',), name='stock_by_last_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='giftline_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('unit_price', None), ('unit_price__gte', 0), _connector='OR')), name='a_thing_given_is_some', violation_error_message='The quantity is above nought, and no price is below.'), models.CheckConstraint(condition=models.Q(models.Q(('expires_on', None), ('kind', 'money'), ('unit', ''), ('unit_price', 1), ('what', '')), models.Q(models.Q(('kind', 'money'), _negated=True), models.Q(('what', ''), _negated=True), models.Q(('unit', ''), _negated=True)), _connector='OR'), name='what_is_no_money_has_a_name_and_a_unit', violation_error_message='Say what it is and in which unit it is counted.'), models.CheckConstraint(condition=models.Q(('remaining__gte', 0)), name='stock_is_never_below_nought', violation_error_message='There is not so much left.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['food', 'medicine']), _negated=True), ('expires_on__isnull', False), _connector='OR'), name='food_and_medicine_have_a_last_day', violation_error_message='Food and medicine have a last day of use.')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('kind', models.CharField(choices=[('in', 'came in'), ('out', 'given out'), ('back', 'came back to stock'), ('off', 'written off'), ('found', 'found when counting'), ('void', 'noted by mistake')], editable=False, max_length=5, verbose_name='what happened')),
                ('quantity', models.DecimalField(decimal_places=2, editable=False, max_digits=9, verbose_name='quantity')),
                ('on', models.DateField(editable=False, verbose_name='day')),
                ('why', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('handler', models.CharField(blank=True, editable=False, max_length=60, verbose_name='who counted')),
                ('counter', models.CharField(blank=True, editable=False, max_length=60, verbose_name='second person who counted')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='noted')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('corrects', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='gifts.entry', verbose_name='takes back')),
                ('noted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ('line', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='gifts.giftline', verbose_name='thing given')),
            ],
            options={
                'verbose_name': 'entry of the ledger',
                'verbose_name_plural': 'ledger of gifts',
                'ordering': ['-on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', '-on', '-id'], name='ledger_by_day'), models.Index(fields=['line', 'id'], name='ledger_of_a_thing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='entry_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['in', 'back', 'found']), ('quantity__gt', 0)), models.Q(('kind__in', ['out', 'off', 'void']), ('quantity__lt', 0)), _connector='OR'), name='what_goes_out_is_below_nought', violation_error_message='What comes in is above nought, what goes out below.'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['off', 'found', 'void']), _negated=True), models.Q(models.Q(('why', ''), _negated=True), models.Q(('handler', ''), _negated=True), models.Q(('counter', ''), _negated=True), models.Q(('handler', models.F('counter')), _negated=True)), _connector='OR'), name='two_people_put_the_ledger_right_and_say_why', violation_error_message='Two people count, and say why the ledger is put right.'), models.CheckConstraint(condition=models.Q(models.Q(('corrects__isnull', False), ('kind', 'back'), models.Q(('why', ''), _negated=True)), models.Q(models.Q(('kind', 'back'), _negated=True), ('corrects', None)), _connector='OR'), name='what_is_taken_back_was_given_out', violation_error_message='Only what was given out is taken back, and why is said.'), models.UniqueConstraint(condition=models.Q(('kind', 'in')), fields=('line',), name='a_thing_comes_in_once', violation_error_message='This thing is in the ledger already.'), models.UniqueConstraint(condition=models.Q(('kind', 'void')), fields=('line',), name='a_thing_is_voided_once', violation_error_message='This was noted as a mistake already.')],
            },
        ),
        migrations.CreateModel(
            name='Giver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(choices=[('person', 'private person'), ('firm', 'firm'), ('organisation', 'organisation')], default='person', max_length=12, verbose_name='kind of giver')),
                ('name', models.CharField(help_text='As it shall stand on the receipt. Two people of one name: add a word that tells them apart.', max_length=80, verbose_name='name of the giver')),
                ('contact_name', models.CharField(blank=True, help_text='For a firm or an organisation.', max_length=60, verbose_name='whom to talk to')),
                ('phone', communities.identity_fields.PhoneField(blank=True, verbose_name='phone')),
                ('phone_last4', records.secrets.LastFourField(blank=True, default='', editable=False, max_length=4, of='phone')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
            ],
            options={
                'verbose_name': 'giver',
                'verbose_name_plural': 'givers',
                'ordering': ['name', 'pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', 'community', 'name'], name='givers_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='giver_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(condition=models.Q(('name', ''), _negated=True), fields=('community', 'kind', 'name'), name='one_giver_of_a_name_per_community', violation_error_message='This giver is on the list already.')],
            },
        ),
        migrations.AddField(
            model_name='gift',
            name='giver',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='gifts.giver', verbose_name='giver'),
        ),
        migrations.CreateModel(
            name='HandOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('to', models.CharField(choices=[('child', 'given to the child'), ('family', 'given to the family'), ('home', "given to the Home's equipment")], editable=False, max_length=6, verbose_name='to whom')),
                ('what', models.CharField(max_length=120, verbose_name='what was given')),
                ('given_on', models.DateField(editable=False, verbose_name='given on')),
                ('signed_by', models.CharField(max_length=60, verbose_name='who signed')),
                ('child', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_outs', to='children.child', verbose_name='child')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('entry', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='hand_out', to='gifts.entry', verbose_name='entry of the ledger')),
                ('home', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hand_outs', to='homes.home', verbose_name="Children's Home")),
                ('scan', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.attachment', verbose_name='scan of the signed sheet')),
            ],
            options={
                'verbose_name': 'gift handed out',
                'verbose_name_plural': 'gifts handed out',
                'ordering': ['-given_on', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['child', '-given_on'], name='hand_outs_of_a_child'), models.Index(fields=['district', '-given_on'], name='hand_outs_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='handout_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.CheckConstraint(condition=models.Q(models.Q(('child', None), ('home__isnull', False), ('to', 'home')), models.Q(('child__isnull', False), ('home', None), ('to__in', ['child', 'family'])), _connector='OR'), name='what_is_handed_out_goes_to_a_child_or_a_home', violation_error_message='Something is handed out to a child, a family or a Home.')],
            },
        ),
        migrations.CreateModel(
            name='WishCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(editable=False, max_length=6, verbose_name='district')),
                ('text', models.CharField(help_text='Without name, school, address or anything by which neighbours know the child.', max_length=120, verbose_name='the wish, as givers read it')),
                ('status', models.CharField(choices=[('written', 'to be read before it is shown'), ('shown', 'shown to givers'), ('taken', 'taken by a giver'), ('fulfilled', 'fulfilled'), ('ended', 'no longer shown')], default='written', editable=False, max_length=9, verbose_name='status')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written')),
                ('shown_on', models.DateField(editable=False, null=True, verbose_name='shown since')),
                ('taken_on', models.DateField(editable=False, null=True, verbose_name='taken on')),
                ('why', models.CharField(blank=True, editable=False, max_length=200, verbose_name='reason')),
                ('community', models.ForeignKey(editable=False, limit_choices_to={'level': 'community'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.division', verbose_name='community')),
                ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fulfils', to='gifts.entry', verbose_name='fulfilled with')),
                ('giver', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wishes', to='gifts.giver', verbose_name='taken by')),
                ('wish', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='children.wish', verbose_name='small wish')),
                ('written_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'card of a small wish',
                'verbose_name_plural': 'cards of small wishes',
                'ordering': ['-written_at', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['district', 'status', '-written_at', '-id'], name='wish_cards_by_status')],
                'constraints': [models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='wishcard_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'), models.UniqueConstraint(condition=models.Q(('status__in', ['written', 'shown', 'taken'])), fields=('wish',), name='one_running_card_per_wish', violation_error_message='There is a card of this wish already.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['taken', 'fulfilled']), _negated=True), models.Q(('giver__isnull', False), ('taken_on__isnull', False)), _connector='OR'), name='a_wish_is_taken_by_a_giver', violation_error_message='A giver takes the wish.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'fulfilled'), _negated=True), ('entry__isnull', False), _connector='OR'), name='a_wish_is_fulfilled_by_what_was_handed_out', violation_error_message='A wish is fulfilled by something that was handed out.')],
            },
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['district', '-received_on', '-id'], name='gifts_by_day'),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['giver', '-received_on'], name='gifts_of_a_giver'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(('district', django.db.models.functions.text.Left(models.F('community_id'), 6))), name='gift_district_is_its_communitys', violation_error_message='The district must be the one the community lies in.'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handler', ''), _negated=True), models.Q(('counter', ''), _negated=True), models.Q(('handler', models.F('counter')), _negated=True)), name='a_gift_is_counted_by_two_people', violation_error_message='Who counts is another person than who received it.'),
        ),
    ]
