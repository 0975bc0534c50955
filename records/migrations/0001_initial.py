import django.db.models.deletion
import django.utils.timezone
import records.attachments
import records.secrets
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('waiting', 'not finished'), ('done', 'done'), ('failed', 'not done')], default='waiting', editable=False, max_length=10, verbose_name='status')),
                ('kind', models.CharField(max_length=60, verbose_name='kind of work')),
                ('key', models.CharField(max_length=40, verbose_name='record')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('language', models.CharField(max_length=10)),
                ('leads_to', models.CharField(max_length=200)),
                ('back_to', models.CharField(max_length=200)),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('message', models.TextField(blank=True, verbose_name='what was said')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['id'], name='jobs_that_wait')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'waiting')), fields=('kind', 'key'), name='one_unfinished_job_of_a_kind_per_record', violation_error_message='This is being done already.')],
            },
        ),
        migrations.CreateModel(
            name='TrailSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_id', models.BigIntegerField(unique=True, verbose_name='first entry')),
                ('last_id', models.BigIntegerField(unique=True, verbose_name='last entry')),
                ('count', models.PositiveIntegerField(verbose_name='entries')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='digest')),
                ('previous', models.CharField(blank=True, max_length=64, unique=True, verbose_name='digest before')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
            ],
            options={
                'verbose_name': 'trail seal',
                'verbose_name_plural': 'trail seals',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ExportRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(editable=False, max_length=40, verbose_name='list')),
                ('params', records.secrets.SecretField(blank=True, editable=False, verbose_name='filter')),
                ('division', models.CharField(editable=False, max_length=12, verbose_name='division')),
                ('rows', models.PositiveIntegerField(editable=False, verbose_name='rows')),
                ('reason', models.CharField(choices=[('report', 'to report to the office above'), ('partner', 'for another authority, by law or agreement'), ('visit', 'for home visits'), ('check', 'to check the files'), ('archive', 'for the archive'), ('other', 'something else')], max_length=10, verbose_name='Purpose')),
                ('purpose', records.secrets.SecretField(max_length=200, verbose_name='In your words')),
                ('status', models.CharField(choices=[('asked', 'waiting for a second person'), ('released', 'released'), ('ready', 'ready to be fetched'), ('refused', 'refused'), ('fetched', 'fetched')], default='asked', editable=False, max_length=10, verbose_name='status')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided')),
                ('built_at', models.DateTimeField(editable=False, null=True, verbose_name='prepared')),
                ('built_within', models.JSONField(default=dict, editable=False)),
                ('fetched_at', models.DateTimeField(editable=False, null=True, verbose_name='fetched')),
                ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['division', '-asked_at'], name='exports_of_a_division')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='who_asks_for_an_export_does_not_release_it', violation_error_message='Another person must release this list.')],
            },
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('content', records.secrets.SecretBytesField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='records.exportrequest')),
            ],
            options={
                'verbose_name': 'piece of an export',
                'verbose_name_plural': 'pieces of an export',
                'ordering': ['request', 'position'],
                'constraints': [models.UniqueConstraint(fields=('request', 'position'), name='one_piece_per_place_in_an_export', violation_error_message='This place in the file is taken.')],
            },
        ),
        migrations.CreateModel(
            name='JobProgress',
            fields=[
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='progress', serialize=False, to='records.job')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('began_at', models.DateTimeField(null=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('of', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='TrailEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('actor_role', models.CharField(blank=True, max_length=200, verbose_name='in the role')),
                ('verb', models.CharField(max_length=80, verbose_name='act')),
                ('model_label', models.CharField(max_length=100, verbose_name='kind of record')),
                ('object_key', models.CharField(blank=True, max_length=40, verbose_name='record')),
                ('community', models.CharField(blank=True, max_length=12, verbose_name='community code')),
                ('district', models.CharField(blank=True, max_length=6, verbose_name='district code')),
                ('fields', models.JSONField(default=list, verbose_name='fields')),
                ('keys', models.JSONField(default=dict, verbose_name='keys')),
                ('page', models.CharField(blank=True, max_length=100, verbose_name='page')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='network address')),
                ('refused', models.BooleanField(default=False, verbose_name='refused')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'trail entry',
                'verbose_name_plural': 'trail',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['model_label', 'object_key', '-id'], name='trail_of_one_record'), models.Index(condition=models.Q(('verb', 'read'), _negated=True), fields=['model_label', 'object_key', '-id'], name='acts_on_one_record'), models.Index(fields=['district', '-id'], name='trail_of_a_district'), models.Index(fields=['community', '-id'], name='trail_of_a_community')],
            },
        ),
        migrations.CreateModel(
            name='UsedToken',
            fields=[
                ('token', models.UUIDField(primary_key=True, serialize=False, verbose_name='token')),
                ('result_url', models.TextField(blank=True, verbose_name='leads to')),
                ('used_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='used at')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'used form token',
                'verbose_name_plural': 'used form tokens',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('image', 'picture'), ('pdf', 'PDF file')], default='image', max_length=10, verbose_name='kind')),
                ('file', models.FileField(max_length=60, storage=records.attachments.private_storage, unique=True, upload_to='', verbose_name='file')),
                ('sha256', models.CharField(max_length=64, verbose_name='digest')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='name of the file')),
                ('width', models.PositiveIntegerField(null=True, verbose_name='width')),
                ('height', models.PositiveIntegerField(null=True, verbose_name='height')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='stored at')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stored by')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('height__isnull', False), ('kind', 'image'), ('name', ''), ('width__isnull', False)), models.Q(('height', None), ('kind', 'pdf'), ('name__gt', ''), ('width', None)), _connector='OR'), name='a_picture_has_its_measures_and_a_pdf_its_name', violation_error_message='This file is neither a picture nor a PDF.')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, verbose_name='form')),
                ('data', records.secrets.SecretField(verbose_name='typed so far')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='typed at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'draft',
                'verbose_name_plural': 'drafts',
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='one_draft_per_person_and_form')],
            },
        ),
    ]
