from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_banned"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="personal data erased"),
        ),
    ]
